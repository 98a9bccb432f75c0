// F1 to F8 of the fault table: connections that fail, break off or drip, on a clock that stands still.
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Instance } from '../../gateway/upstream/discovery/discovery.ts';
import { once, startHarness } from '../upstream/harness.ts';
import { startService } from '../upstream/instances.ts';
import { httpAnswer, startRawServer, type Answer } from '../upstream/raw-server.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { startFullServer } from './full-server.ts';
import { end, settle, silent, write } from './wire.ts';

const json = (text: string) => httpAnswer(text);

describe('F1 a refused connection is tried again on another instance, whatever the method; alone it is UPSTREAM_UNREACHABLE', () => {
  test('a service that does not listen is UPSTREAM_UNREACHABLE, and any method may be repeated', async () => {
    const gone = await startRawServer(() => {});
    await gone.close();
    const { fail } = await startHarness(() => {}, once);
    const error = await fail({ url: `${gone.url}/books`, method: 'POST', body: '{}' });
    expect(error).toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
      reason: 'refused',
      dispatched: false,
      retryable: true,
    });
    expect(error.message).toBe('Cannot reach service "catalog"');
  });

  test('a POST that was never sent is tried again, twice', async () => {
    const gone = await startRawServer(() => {});
    await gone.close();
    const { fail, clock, events } = await startHarness(() => {});
    const failed = fail({ url: `${gone.url}/books`, method: 'POST', body: '{}' });
    await clock.untilScheduled(25);
    clock.advance(25);
    await clock.untilScheduled(50);
    clock.advance(50);
    await failed;
    expect(events.filter((event) => event.kind === 'attempt-started')).toHaveLength(3);
    // Waits are below 50 ms and 100 ms, so that even the worst luck stays below 300 ms.
    const waits = events.flatMap((event) => (event.kind === 'retry-waiting' ? [event.waitMs] : []));
    expect(waits).toEqual([25, 50]);
  });

  test.each(['GET', 'POST', 'PATCH', 'DELETE'])('%s beside an instance that listens: no error', async (method) => {
    const service = await startService(2);
    await service.instances[0]!.kill();
    expect(new Set(await service.sendMany(30, { method }))).toEqual(new Set([200]));
    expect(service.hits()).toEqual([0, 30]);
    expect(service.events.some((event) => event.kind === 'attempt-ended' && event.reason === 'refused')).toBe(true);
  });
});

describe('F2 a connection that nobody accepts ends at the connect limit, and another instance is asked', () => {
  test('alone it is UPSTREAM_UNREACHABLE with the reason connect-timeout, and any method may be repeated', async () => {
    const full = await startFullServer();
    const { fail, events } = await startHarness(() => {}, { ...once, deadline: { connectMs: 200 } });
    const error = await fail({ url: `http://127.0.0.1:${full.port}/books`, method: 'POST', body: '{}' });
    expect(error).toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
      reason: 'connect-timeout',
      dispatched: false,
      retryable: true,
    });
    expect(events.filter(({ kind }) => kind === 'attempt-started')).toHaveLength(1);
  });

  test('beside another instance every call is answered, after at most one attempt in vain', async () => {
    const full = await startFullServer();
    const service = await startService(1, { deadline: { connectMs: 200 } });
    const dead: Instance = { addr: '127.0.0.1', port: full.port, weight: 1, state: 'ready' };
    service.setInstances([service.instances[0]!.instance, dead]);
    expect(new Set(await service.sendMany(40, { method: 'POST' }))).toEqual(new Set([200]));
    const ends = service.events.filter((event) => event.kind === 'attempt-ended');
    const lost = ends.filter(({ code }) => code !== undefined);
    expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(['connect-timeout']));
    // Each of these was repeated once, on the other one, and after five of them the dead one is out.
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.length).toBeLessThanOrEqual(5);
    expect(ends).toHaveLength(40 + lost.length);
    expect(service.hits()).toEqual([40]);
  });
});

describe.each<[string, Answer]>([
  ['F3 a connection closed without an answer: a GET is sent again, a POST once', ({ socket }) => socket.end()],
  ['F4 a reset before the answer: as F3', ({ socket }) => socket.resetAndDestroy()],
])('%s', (_name, fault) => {
  test('a GET is sent again', async () => {
    const { send, server, clock } = await startHarness((request, n) => {
      if (n === 1) fault(request, n);
      else request.socket.write(json('{"ok":true}'));
    });
    const answered = send();
    await clock.untilScheduled(25);
    clock.advance(25);
    expect((await answered).body).toEqual({ kind: 'json', value: { ok: true } });
    expect(server.requests).toHaveLength(2);
  });

  test('a POST is sent once, and may not be repeated', async () => {
    const { fail, server } = await startHarness(fault);
    const error = await fail({ method: 'POST', body: '{}' });
    expect(error).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', reason: 'closed', dispatched: true, retryable: false });
    expect(server.requests).toHaveLength(1);
  });

  test('a POST with an Idempotency-Key is sent again', async () => {
    const { send, server, clock } = await startHarness((request, n) => {
      if (n === 1) fault(request, n);
      else request.socket.write(json('{}'));
    });
    const answered = send({ method: 'POST', body: '{}', headers: { 'idempotency-key': 'a' } });
    await clock.untilScheduled(25);
    clock.advance(25);
    await answered;
    expect(server.requests).toHaveLength(2);
  });
});

describe('F5 an answer that stops inside the body is UPSTREAM_TRUNCATED, and no part of it is data', () => {
  test.each<[string, Answer]>([
    ['an end before Content-Length', end(Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{"a":1}'))],
    ['an end inside a chunk', end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{"a":1}')],
    [
      'an end inside a chunk of a closing connection',
      end('HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{"a":1}'),
    ],
    ['an end between chunks', end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n')],
    [
      'an end before Content-Length of a closing connection',
      end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 20\r\n\r\n{"a":1}'),
    ],
    ['no length, and JSON that stops', end('HTTP/1.1 200 OK\r\n\r\n{"a":1')],
    [
      'a reset after the first bytes',
      ({ socket }) =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{"a":1}', () => socket.resetAndDestroy()),
    ],
  ])('%s is UPSTREAM_TRUNCATED, and nothing of it is data', async (_name, answer) => {
    const { fail, server } = await startHarness(answer, once);
    const error = await fail();
    expect(error).toMatchObject({ code: 'UPSTREAM_TRUNCATED', dispatched: true, retryable: true });
    expect(server.requests).toHaveLength(1);
  });

  test.each(['cut', 'reset'] as const)('a %s after any of its bytes is never taken for an answer', async (kind) => {
    const answer = httpAnswer(JSON.stringify({ books: [{ title: 'Madame Bovary', price: 1234 }] }));
    const { send, fail, server } = await startHarness(write(answer), { ...once, breaker: { enabled: false } });
    const proxy = await startFaultProxy({ target: Number(new URL(server.url).port) });
    onTestFinished(() => proxy.close());
    const codes = new Set<string>();
    for (let bytes = 0; bytes < answer.length; bytes += 3) {
      proxy.use([{ kind, afterBytes: bytes }]);
      codes.add((await fail({ url: `${proxy.url}/${bytes}` })).code);
    }
    expect(codes).toEqual(new Set(['UPSTREAM_UNREACHABLE', 'UPSTREAM_TRUNCATED']));
    proxy.use([{ kind, afterBytes: answer.length }]);
    expect((await send({ url: `${proxy.url}/whole` })).status).toBe(200);
  });

  test('a GET is sent again after it', async () => {
    const { send, clock } = await startHarness((request, n) => {
      if (n === 1) end('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{"a":1}')(request, n);
      else request.socket.write(json('{"a":2}'));
    });
    const answered = send();
    await clock.untilScheduled(25);
    clock.advance(25);
    expect((await answered).body).toEqual({ kind: 'json', value: { a: 2 } });
  });

  test('no length, and JSON that is whole, is an answer', async () => {
    const { send } = await startHarness(end('HTTP/1.1 200 OK\r\n\r\n{"a":1}'));
    expect((await send()).body).toEqual({ kind: 'json', value: { a: 1 } });
  });
});

describe('F6 headers that never come end in UPSTREAM_TIMEOUT at the attempt limit, the call within its own', () => {
  test('no headers: UPSTREAM_TIMEOUT at the attempt limit', async () => {
    const { fail, server, clock } = await startHarness(silent, once);
    const failed = fail();
    await server.request(1);
    clock.advance(4999);
    clock.advance(1);
    expect(await failed).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      reason: expect.stringMatching(/deadline\.(attempt|headers), 5000 ms/) as unknown,
      dispatched: true,
    });
  });

  test('a call with retries ends at the call limit', async () => {
    const { fail, server, clock } = await startHarness(silent);
    const failed = fail();
    await server.request(1);
    clock.advance(5000);
    await clock.untilScheduled(25);
    clock.advance(25);
    await server.request(2);
    clock.advance(4975);
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'deadline.call, 10000 ms' });
    expect(server.requests).toHaveLength(2);
  });

  test('the limit for headers holds by itself', async () => {
    const { fail, server, clock } = await startHarness(silent, { ...once, deadline: { headersMs: 300 } });
    const failed = fail();
    await server.request(1);
    clock.advance(300);
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'deadline.headers, 300 ms' });
  });
});

describe('F7 headers at one byte per 100 ms end in UPSTREAM_TIMEOUT at the attempt limit', () => {
  test('the 50th byte is the last', async () => {
    const { fail, server, clock } = await startHarness(write('HTTP/1.1 200 OK\r\nx-a:'), {
      ...once,
      deadline: { headersMs: 60_000 },
    });
    const failed = fail();
    const { socket } = await server.request(1);
    for (let byte = 0; byte < 49; byte++) {
      socket.write('a');
      clock.advance(100);
    }
    clock.advance(100);
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'deadline.attempt, 5000 ms' });
  });
});

describe('F8 a body at one byte per 100 ms ends in UPSTREAM_TIMEOUT at the attempt limit', () => {
  test('although it is never silent for long', async () => {
    const { fail, server, clock } = await startHarness(write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n['), {
      ...once,
      // Were the head not there, this would be the end.
      deadline: { headersMs: 1000 },
    });
    const failed = fail();
    const { socket } = await server.request(1);
    await settle();
    for (let byte = 0; byte < 50; byte++) {
      socket.write(' ');
      clock.advance(100);
    }
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'deadline.attempt, 5000 ms' });
  });

  test('a silence inside a body ends at its own limit', async () => {
    const { fail, server, clock } = await startHarness(write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n['), {
      ...once,
      deadline: { bodyIdleMs: 400 },
    });
    const failed = fail();
    await server.request(1);
    await clock.untilScheduled(400);
    clock.advance(400);
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'deadline.bodyIdle, 400 ms' });
  });

  test('a timeout closes the connection', async () => {
    const { fail, server, clock } = await startHarness(silent, once);
    const failed = fail();
    const { socket } = await server.request(1);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    clock.advance(5000);
    await failed;
    await closed;
  });
});
