// How calls meet the breaker (upstream.md, sections 5 and 14), through the whole pipeline and real sockets.
import { describe, expect, test } from 'vitest';
import { once, startHarness, type Harness } from '../harness.ts';
import { turn } from './call.ts';
import { httpAnswer, type Answer } from '../raw-server.ts';

const ok: Answer = ({ socket }) => socket.write(httpAnswer('{"ok":true}'));
const busy: Answer = ({ socket }) => socket.write(httpAnswer('{}', { status: '503 Service Unavailable' }));

/** A service that answers as `mode` says. */
async function startService(settings = once) {
  const service: { answer: Answer } = { answer: busy };
  const harness = await startHarness((request, n) => service.answer(request, n), settings);
  return { service, ...harness };
}

async function open({ send }: Pick<Harness, 'send'>): Promise<void> {
  for (let n = 0; n < 20; n++) await send({ path: `/books/${n}` });
}

const transitions = ({ events }: Pick<Harness, 'events'>) =>
  events.flatMap((event) => (event.kind === 'breaker-changed' ? [`${event.from} > ${event.to}`] : []));

describe('F16: half of the calls fail', () => {
  test('the 20th call opens; from then on CIRCUIT_OPEN, with the time left, and no call reaches the service', async () => {
    const { service, send, fail, server, clock, events } = await startService();
    for (let n = 0; n < 20; n++) {
      service.answer = n % 2 === 0 ? ok : busy;
      await send({ path: `/books/${n}` });
    }
    clock.advance(2000);
    const errors = await Promise.all(Array.from({ length: 50 }, (_, n) => fail({ path: `/authors/${n}` })));
    expect(new Set(errors.map(({ code, dispatched, retryable }) => [code, dispatched, retryable].join(' ')))).toEqual(
      new Set(['CIRCUIT_OPEN false true']),
    );
    expect(errors[0]!.retryAfterMs).toBe(3000);
    expect(server.requests).toHaveLength(20);
    expect(events.find(({ kind }) => kind === 'breaker-changed')).toEqual({
      kind: 'breaker-changed',
      service: 'catalog',
      from: 'closed',
      to: 'open',
      waitMs: 5000,
      calls: 20,
      failures: 10,
    });
  });

  test('what clients do wrong, and too many requests, never open it', async () => {
    const { service, send, events } = await startService();
    for (const status of ['404 Not Found', '422 Unprocessable Content', '429 Too Many Requests']) {
      service.answer = ({ socket }) => socket.write(httpAnswer('{}', { status }));
      for (let n = 0; n < 20; n++) await send();
    }
    expect(transitions({ events })).toEqual([]);
  });

  test('a call with three attempts counts once, and stops to repeat once the circuit has opened', async () => {
    const { send, server, clock, events } = await startService({});
    const calls = Array.from({ length: 19 }, (_, n) =>
      send({ path: `/books/${n}`, idempotent: false, method: 'POST' }),
    );
    await Promise.all(calls);
    const repeated = send({ path: '/last' });
    await clock.untilScheduled(25);
    expect(transitions({ events })).toEqual([]);
    await send({ method: 'POST', path: '/the-20th' });
    expect(transitions({ events })).toEqual(['closed > open']);
    clock.advance(25);
    expect((await repeated).status).toBe(503);
    expect(server.requests).toHaveLength(22);
  });
});

describe('recovery', () => {
  test('F17, F24: of a crowd at half-open one call is sent and never repeated; three good ones close', async () => {
    const { service, send, fail, server, clock, events } = await startService({});
    await open({ send: (request) => send({ ...request, method: 'POST' }) });
    clock.advance(5000);
    const crowd = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => send({ path: `/crowd/${n}` })));
    expect(crowd.filter(({ status }) => status === 'rejected')).toHaveLength(99);
    expect(server.requests).toHaveLength(21);
    expect(transitions({ events })).toEqual(['closed > open', 'open > half-open', 'half-open > open']);

    service.answer = ok;
    expect((await fail()).retryAfterMs).toBe(10_000);
    clock.advance(10_000);
    for (let n = 0; n < 3; n++) expect((await send()).status).toBe(200);
    expect(transitions({ events }).slice(3)).toEqual(['open > half-open', 'half-open > closed']);
    clock.advance(5000);
    expect((await send()).status).toBe(200);
  });

  test('F18, F35: a probe whose client leaves is neutral, and the next caller probes', async () => {
    const { service, send, fail, server, clock, events } = await startService();
    await open({ send });
    clock.advance(5000);
    service.answer = () => {};
    for (let n = 0; n < 3; n++) {
      const leaving = new AbortController();
      const left = fail({ context: { signal: leaving.signal } });
      await server.request(21 + n);
      expect((await fail({ path: '/meanwhile' })).code).toBe('CIRCUIT_OPEN');
      leaving.abort();
      expect((await left).code).toBe('REQUEST_CANCELLED');
      // The caller is let go at once, the attempt a moment later.
      await turn();
    }
    expect(transitions({ events })).toEqual(['closed > open', 'open > half-open']);
    service.answer = ok;
    expect((await send()).status).toBe(200);
  });

  test('F18: a probe that hangs ends at the attempt limit, and opens again', async () => {
    const { service, send, fail, server, clock, events } = await startService();
    await open({ send });
    clock.advance(5000);
    service.answer = () => {};
    const hanging = fail();
    await server.request(21);
    clock.advance(5000);
    expect((await hanging).code).toBe('UPSTREAM_TIMEOUT');
    expect(transitions({ events })).toEqual(['closed > open', 'open > half-open', 'half-open > open']);
  });

  test('F35: clients that leave never open it', async () => {
    const { service, fail, server, events } = await startService();
    service.answer = () => {};
    for (let n = 0; n < 30; n++) {
      const leaving = new AbortController();
      const left = fail({ path: `/books/${n}`, context: { signal: leaving.signal } });
      await server.request(n + 1);
      leaving.abort();
      await left;
    }
    expect(transitions({ events })).toEqual([]);
  });
});

test('a breaker each connector: one that fails leaves the others alone', async () => {
  const { service, send, fail } = await startService({ ...once, breaker: { scope: 'connector' } });
  await open({ send: (request) => send({ ...request, connector: 'catalog:Query.book[0]' }) });
  service.answer = ok;
  expect((await fail({ connector: 'catalog:Query.book[0]' })).code).toBe('CIRCUIT_OPEN');
  expect((await send({ connector: 'catalog:Query.books[0]' })).status).toBe(200);
});

test('turned off, it never refuses', async () => {
  const { send } = await startService({ ...once, breaker: { enabled: false } });
  for (let n = 0; n < 60; n++) expect((await send({ path: `/${n}` })).status).toBe(503);
});
