// F9 and F16 to F21 of the fault table: a service that is slow or fails, and what retries and the breaker make of it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { UpstreamError } from '../../gateway/errors/upstream-error.ts';
import { busy, ok, open, startService, transitions } from '../upstream/breaker-service.ts';
import { once, startHarness } from '../upstream/harness.ts';
import { seededRandom } from '../upstream/instances.ts';
import { turn } from '../upstream/policies/call.ts';
import { httpAnswer } from '../upstream/raw-server.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { runOut, settle, silent } from './wire.ts';

describe('F9 a fifth of the calls 1 to 8 s late: no call is longer than one attempt limit and one retry, nor than 10 s', () => {
  async function startLateService(settings: Parameters<typeof startHarness>[1]) {
    const random = seededRandom(9);
    const harness = await startHarness(ok, settings);
    const port = Number(new URL(harness.server.url).port);
    const proxy = await startFaultProxy({ target: port, clock: harness.clock, random });
    onTestFinished(() => proxy.close());
    /** By connection: each call that is late has one of its own, since its predecessor's was closed or is in use. */
    proxy.use(() => (random() < 0.2 ? [{ kind: 'delay', ms: 1000, jitterMs: 7000 }] : []));
    return { ...harness, proxy };
  }

  test('200 calls', async () => {
    const { send, clock, events, proxy } = await startLateService({ breaker: { enabled: false } });
    const ends: string[] = [];
    for (let n = 0; n < 200; n++) {
      const call = send({ url: `${proxy.url}/${n}` }).then(
        ({ status }) => String(status),
        ({ code }: UpstreamError) => code,
      );
      ends.push(await runOut(clock, call));
      // So that the next one is met by a fault of its own.
      proxy.endAll('cut');
      await settle();
      clock.advance(1000);
    }
    const durations = events
      .flatMap((event) => (event.kind === 'call-ended' ? [event.durationMs] : []))
      .sort((a, b) => a - b);
    expect(durations.filter((ms) => ms > 1000).length).toBeGreaterThan(20);
    expect(durations[Math.floor(durations.length * 0.99)]).toBeLessThanOrEqual(5000 + 50 + 5000);
    expect(durations.at(-1)).toBeLessThanOrEqual(10_000);
    expect(ends.filter((end) => end !== '200' && end !== 'UPSTREAM_TIMEOUT')).toEqual([]);
    // Two attempts in a row that are more than 5 s late: fewer than one call in a hundred.
    expect(ends.filter((end) => end === '200').length).toBeGreaterThanOrEqual(195);
  });

  test('once slow calls are watched, the breaker opens by them although every answer is good', async () => {
    const { clock, send, server, events } = await startHarness(silent, {
      ...once,
      breaker: { slowCalls: { enabled: true, rate: 0.8, time: 0.8 } },
    });
    const calls = Array.from({ length: 20 }, (_, n) => send({ path: `/${n}` }));
    await server.request(20);
    clock.advance(4500);
    for (const { socket } of server.requests) socket.write(httpAnswer('{}'));
    expect(new Set((await Promise.all(calls)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(transitions({ events })).toEqual(['closed > open']);
  });
});

describe('F16 half of the calls fail: the breaker opens after 20 of them, then CIRCUIT_OPEN without a call', () => {
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

  test('a service that is dead: 20 calls reach for it, not one more', async () => {
    const { fail, server, events } = await startHarness(({ socket }) => socket.resetAndDestroy(), once);
    const codes: string[] = [];
    for (let n = 0; n < 100; n++) codes.push((await fail({ path: `/${n}` })).code);
    expect(codes).toEqual([
      ...Array.from({ length: 20 }, () => 'UPSTREAM_UNREACHABLE'),
      ...Array.from({ length: 80 }, () => 'CIRCUIT_OPEN'),
    ]);
    expect(server.requests).toHaveLength(20);
    // A refusal waits for nothing: not one timer, so no time on this clock.
    const refused = events.filter((event) => event.kind === 'call-ended' && event.code === 'CIRCUIT_OPEN');
    expect(refused.map((event) => (event as { durationMs: number }).durationMs)).toEqual(refused.map(() => 0));
  });
});

describe('F17 of 1,000 callers at half-open one is the probe, nobody waits for it, and three good ones close', () => {
  test('through the whole pipeline: one call is sent, and never repeated', async () => {
    const { service, send, fail, server, clock, events } = await startService({});
    await open({ send: (request) => send({ ...request, method: 'POST' }) });
    clock.advance(5000);
    const crowd = await Promise.allSettled(Array.from({ length: 1000 }, (_, n) => send({ path: `/crowd/${n}` })));
    expect(crowd.filter(({ status }) => status === 'rejected')).toHaveLength(999);
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
});

describe('F18 a probe that hangs opens again, one whose client leaves is neutral; the breaker never sticks', () => {
  test('whose client leaves: the next caller probes', async () => {
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

  test('that hangs: it ends at the attempt limit', async () => {
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
});

describe('F19 everything fails at 500 calls a second: at most 20 % more load, and 3 calls a second', () => {
  test('the rest is counted as budget-exhausted, and every caller gets the error of his last attempt', async () => {
    const { send, clock, server, events } = await startHarness(busy, {
      breaker: { enabled: false },
      bulkhead: { concurrent: 10_000, batchFanOut: 10_000 },
      transport: { connections: 64 },
    });
    const seconds = 10;
    const calls: Promise<number>[] = [];
    for (let tick = 0; tick < seconds * 10; tick++) {
      for (let n = 0; n < 50; n++) calls.push(send({ path: `/${calls.length}` }).then(({ status }) => status));
      // Answers are in before the next ones start: waits for another attempt are shorter than this tick.
      const sent = () => events.filter(({ kind }) => kind === 'attempt-ended').length;
      while (sent() < calls.length) await settle(1);
      await settle();
      if (tick < seconds * 10 - 1) clock.advance(100);
    }
    expect(server.requests.length - calls.length).toBeLessThanOrEqual(calls.length * 0.2 + 3 * seconds);
    expect(new Set(await runOut(clock, Promise.all(calls)))).toEqual(new Set([503]));
    const retries = server.requests.length - calls.length;
    expect(calls).toHaveLength(500 * seconds);
    expect(retries).toBeGreaterThan(calls.length * 0.15);
    const refused = events.filter(({ kind }) => kind === 'budget-exhausted').length;
    // Each call ends by its third attempt, or by an exhausted budget.
    const third = events.filter((event) => event.kind === 'attempt-started' && event.attempt === 2).length;
    expect(refused).toBe(calls.length - third);
  });
});

describe('F20 Retry-After of an hour, a date, a negative number or garbage: never a wait above 2 s', () => {
  test.each<[string, string, number[]]>([
    ['an hour', '3600', []],
    ['2 s', '2', [2000, 2000]],
    ['3 s', '3', []],
    ['a date long past', 'Thu, 01 Jan 1998 00:00:00 GMT', [25, 50]],
    ['a date far off', 'Thu, 01 Jan 2099 00:00:00 GMT', []],
    ['a negative number', '-5', [25, 50]],
    ['garbage', 'soon', [25, 50]],
    ['a number beyond all', '9'.repeat(400), [25, 50]],
  ])('%s', async (_name, value, waits) => {
    const headers = ['content-type: application/json', `retry-after: ${value}`];
    const { send, clock, events } = await startHarness(({ socket }) =>
      socket.write(httpAnswer('{}', { status: '503 Service Unavailable', headers })),
    );
    const response = await runOut(clock, send());
    expect(events.flatMap((event) => (event.kind === 'retry-waiting' ? [event.waitMs] : []))).toEqual(waits);
    // Whoever asked is told: connectors and the facade read it from here.
    expect(response).toMatchObject({ status: 503, headers: { 'retry-after': [value] } });
  });
});

describe('F21 a POST that was done and whose answer is lost is done once', () => {
  /** Does what it is asked once for each key, and gives the first answer again. */
  async function startOrders() {
    const done: string[] = [];
    const answers = new Map<string, string>();
    let requests = 0;
    const server = createServer((request, response) => {
      requests++;
      const key = String(request.headers['idempotency-key'] ?? `none-${requests}`);
      if (!answers.has(key)) answers.set(key, JSON.stringify({ order: done.push(key) }));
      request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(answers.get(key)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = await startFaultProxy({ target: (server.address() as AddressInfo).port });
    onTestFinished(async () => {
      await proxy.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return { proxy, done, requests: () => requests };
  }

  test.each(['cut', 'reset'] as const)('without a key it is not sent again after a %s', async (kind) => {
    const orders = await startOrders();
    orders.proxy.use([{ kind }]);
    const { fail } = await startHarness(silent);
    const error = await fail({ url: `${orders.proxy.url}/orders`, method: 'POST', body: '{}' });
    expect(error).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', dispatched: true, retryable: false });
    expect([orders.done.length, orders.requests()]).toEqual([1, 1]);
  });

  test.each(['cut', 'reset'] as const)('with a key it is sent again after a %s, and done once', async (kind) => {
    const orders = await startOrders();
    orders.proxy.use((connection) => (connection < 3 ? [{ kind }] : []));
    const { send, clock } = await startHarness(silent);
    const headers = { 'idempotency-key': 'order-1' };
    const sent = send({ url: `${orders.proxy.url}/orders`, method: 'POST', body: '{}', headers });
    expect((await runOut(clock, sent)).body).toEqual({ kind: 'json', value: { order: 1 } });
    expect([orders.done, orders.requests()]).toEqual([['order-1'], 3]);
  });
});
