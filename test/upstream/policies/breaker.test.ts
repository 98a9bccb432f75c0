// How calls meet the breaker (upstream.md, section 5; the rows of its section 14 are in test/faults), through the whole pipeline and real sockets.
import { describe, expect, test } from 'vitest';
import { busy, ok, open, startService, transitions } from '../breaker-service.ts';
import { once } from '../harness.ts';
import { httpAnswer } from '../raw-server.ts';

describe('what counts', () => {
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

test('a breaker each connector: one that fails leaves the others alone', async () => {
  const { service, send, fail } = await startService({ ...once, breaker: { scope: 'connector' } });
  await open({ send: (request) => send({ ...request, connector: 'catalog:Query.book[0]' }) });
  service.answer = ok;
  expect((await fail({ connector: 'catalog:Query.book[0]' })).code).toBe('CIRCUIT_OPEN');
  expect((await send({ connector: 'catalog:Query.books[0]' })).status).toBe(200);
});

test('a breaker of its own for a call that asks for one, beside that of the service', async () => {
  const { service, send, fail } = await startService();
  await open({ send: (request) => send({ ...request, breakerKey: 'Query.report' }) });
  service.answer = ok;
  expect((await fail({ breakerKey: 'Query.report' })).code).toBe('CIRCUIT_OPEN');
  expect((await send()).status).toBe(200);
});

test('held open it sends nothing, held closed it never opens, and lifted it starts anew', async () => {
  const { service, send, fail, force, server, events } = await startService();
  service.answer = ok;
  expect(force('open')).toBe(true);
  expect((await fail()).code).toBe('CIRCUIT_OPEN');
  expect(server.requests).toHaveLength(0);
  force('closed');
  service.answer = busy;
  for (let n = 0; n < 40; n++) expect((await send({ path: `/${n}` })).status).toBe(503);
  force(undefined);
  await open({ send });
  expect((await fail()).code).toBe('CIRCUIT_OPEN');
  expect(transitions({ events })).toEqual(['closed > open', 'open > closed', 'closed > open']);
});

test('turned off, it never refuses', async () => {
  const { send, force } = await startService({ ...once, breaker: { enabled: false } });
  expect(force('open')).toBe(false);
  for (let n = 0; n < 60; n++) expect((await send({ path: `/${n}` })).status).toBe(503);
});
