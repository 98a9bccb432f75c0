import { request } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createAdminApp } from '../../../gateway/server/admin/admin-app.ts';

async function startAdminApp({ host = '127.0.0.1' } = {}) {
  const state = { version: 0 };
  const forced: unknown[] = [];
  const app = createAdminApp({
    host,
    report: () => ({ services: [{ name: 'catalog', version: state.version }] }),
    metrics: () => [{ name: 'calls', help: 'Calls', type: 'counter', samples: [{ labels: {}, value: 1 }] }],
    version: () => state.version,
    streamEveryMs: 5,
    breakers: {
      services: () => ['catalog', 'reviews', 'unguarded'],
      force: (service, position) => service !== 'unguarded' && forced.push([service, position]) > 0,
      onForced: () => {},
    },
  });
  onTestFinished(() => app.close());
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), app, state, forced };
}

/** A request with a Host that fetch would not send. */
const statusFor = (url: string, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject).end();
  });

test('GET /admin/upstreams answers the report, GET /metrics the text of Prometheus', async () => {
  const { url } = await startAdminApp();
  const report = await fetch(`${url}/admin/upstreams`);
  expect(report.headers.get('cache-control')).toBe('no-store');
  expect(await report.json()).toEqual({ services: [{ name: 'catalog', version: 0 }] });
  const metrics = await fetch(`${url}/metrics`);
  expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await metrics.text()).toBe('# HELP calls Calls\n# TYPE calls counter\ncalls 1\n');
});

test('a stream gets the report at once and again when it changed, and ends when the port closes', async () => {
  const { url, app, state } = await startAdminApp();
  const stream = await fetch(`${url}/admin/upstreams`, { headers: { accept: 'text/event-stream' } });
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const readUntil = async (part: string) => {
    while (!text.includes(part)) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`The stream ended before ${part}: ${text}`);
      text += value;
    }
  };
  await readUntil('event: upstreams\ndata: {"services":[{"name":"catalog","version":0}]}\n\n');
  state.version = 7;
  await readUntil('"version":7');
  expect(text.match(/^event:/gm)).toHaveLength(2);
  const closed = app.close();
  while (!(await reader.read()).done);
  await closed;
});

test('a path that is not there is a problem document', async () => {
  const { url } = await startAdminApp();
  const answer = await fetch(`${url}/admin`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
});

test.each([
  ['127.0.0.1:4900', 200],
  ['localhost:4900', 200],
  ['[::1]:4900', 200],
  ['rebound.example:4900', 421],
  ['127.0.0.1.rebound.example', 421],
])('asked as %s on the loopback address it answers %i', async (host, status) => {
  const { url } = await startAdminApp();
  expect(await statusFor(`${url}/metrics`, host)).toBe(status);
});

test('opened to the outside it answers by any name', async () => {
  const { url } = await startAdminApp({ host: '0.0.0.0' });
  expect(await statusFor(`${url}/metrics`, 'gateway.internal:4900')).toBe(200);
});

describe('POST /admin/upstreams/<service>/breaker', () => {
  const send = (url: string, service: string, body: string | undefined, contentType = 'application/json') =>
    fetch(`${url}/admin/upstreams/${service}/breaker`, {
      method: 'POST',
      headers: body === undefined ? {} : { 'content-type': contentType },
      ...(body === undefined ? {} : { body }),
    });

  test.each([
    ['force-open', 'open'],
    ['force-close', 'closed'],
    ['lift', undefined],
  ])('%s holds the breaker %s', async (state, position) => {
    const { url, forced } = await startAdminApp();
    const answer = await send(url, 'catalog', JSON.stringify({ state }));
    expect([answer.status, await answer.json()]).toEqual([200, { service: 'catalog', state }]);
    expect(forced).toEqual([['catalog', position]]);
  });

  test.each([
    [
      'an unknown service',
      'catalogue',
      '{"state":"lift"}',
      'application/json',
      404,
      'Unknown service "catalogue". Did you mean "catalog"?',
    ],
    [
      'an unknown state',
      'catalog',
      '{"state":"toString"}',
      'application/json',
      400,
      '"state" must be one of "force-open", "force-close", "lift"',
    ],
    [
      'a breaker that is off',
      'unguarded',
      '{"state":"lift"}',
      'application/json',
      409,
      'The breaker of "unguarded" is turned off: upstream.breaker.enabled is false',
    ],
    [
      'a body that is null',
      'catalog',
      'null',
      'application/json',
      400,
      '"state" must be one of "force-open", "force-close", "lift"',
    ],
    [
      'broken JSON',
      'catalog',
      '{',
      'application/json',
      400,
      "Body is not valid JSON but content-type is set to 'application/json'",
    ],
    ['what a form can send', 'catalog', '{"state":"force-open"}', 'text/plain', 415, 'Unsupported Media Type'],
    [
      'what a form can send by default',
      'catalog',
      'state=force-open',
      'application/x-www-form-urlencoded',
      415,
      'Unsupported Media Type',
    ],
    ['no body at all', 'catalog', undefined, '', 415, 'Send the state as application/json'],
  ])('%s is refused and nothing is forced', async (_what, service, body, contentType, status, detail) => {
    const { url, forced } = await startAdminApp();
    const answer = await send(url, service, body, contentType);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([status, detail]);
    expect(forced).toEqual([]);
  });

  test('a page of another origin that asks before it sends gets no leave', async () => {
    const { url } = await startAdminApp();
    const asked = await fetch(`${url}/admin/upstreams/catalog/breaker`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(asked.status).toBe(404);
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('another method is 405 with Allow', async () => {
    const { url } = await startAdminApp();
    const answer = await fetch(`${url}/admin/upstreams/catalog/breaker`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
