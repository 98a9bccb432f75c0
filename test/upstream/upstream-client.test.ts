// The pipeline as a whole: what a service receives, how a call ends early, and that nothing is left behind.
import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createUpstream } from 'tributary-gateway/upstream';
import { once, startHarness, type Harness } from './harness.ts';
import { httpAnswer, type Answer } from './raw-server.ts';

const ok: Answer = ({ socket }) => socket.write(httpAnswer('{"ok":true}'));
const silent: Answer = () => {};
const linesOf = (head: string) => head.split('\r\n');

const summary = ({ events }: Harness) =>
  events.map((event) => [event.kind, 'outcome' in event ? event.outcome : undefined].filter(Boolean).join(' '));

describe('what a service receives', () => {
  test('the request, who asks, and how much time is left', async () => {
    const { send, server } = await startHarness(ok);
    await send({
      path: '/books?q=a%20b',
      headers: { accept: 'application/json', 'x-two': ['1', '2'] },
      context: { requestId: 'r-7', traceparent: '00-aa-bb-01' },
    });
    const lines = linesOf(server.requests[0]!.head);
    expect(lines[0]).toBe('GET /books?q=a%20b HTTP/1.1');
    expect(lines).toEqual(
      expect.arrayContaining([
        'accept: application/json',
        'x-two: 1',
        'x-two: 2',
        'x-request-id: r-7',
        'traceparent: 00-aa-bb-01',
        'x-request-timeout-ms: 5000',
        'accept-encoding: gzip, br',
      ]),
    );
    expect(server.requests[0]!.head).not.toContain('x-retry-attempt');
  });

  test('the smallest limit that is left', async () => {
    const { send, server, clock } = await startHarness(ok);
    await send({ context: { deadlineAt: clock.now() + 1234.9 } });
    expect(linesOf(server.requests[0]!.head)).toContain('x-request-timeout-ms: 1234');
  });

  test('the number of a repeated attempt', async () => {
    const { send, server, clock } = await startHarness((request, n) => {
      if (n < 3) request.socket.write(httpAnswer('', { status: '503 Service Unavailable', headers: [] }));
      else ok(request, n);
    });
    const answered = send();
    for (const waitMs of [25, 50]) {
      await clock.untilScheduled(waitMs);
      clock.advance(waitMs);
    }
    expect((await answered).status).toBe(200);
    expect(server.requests.map(({ head }) => /x-retry-attempt: (\d)/.exec(head)?.[1])).toEqual([undefined, '1', '2']);
  });

  test('the number of an attempt that was repeated above, which is not repeated here', async () => {
    const { fail, server } = await startHarness(({ socket }) => socket.end());
    await fail({ context: { retryAttempt: 1 } });
    expect(server.requests.map(({ head }) => /x-retry-attempt: (\d)/.exec(head)?.[1])).toEqual(['1']);
  });

  test('no field that belongs to another hop, and only one length', async () => {
    const { send, server } = await startHarness(ok);
    await send({
      method: 'POST',
      body: '{"é":1}',
      headers: {
        connection: 'close, x-hop',
        'x-hop': '1',
        'keep-alive': 'timeout=5',
        'transfer-encoding': 'chunked',
        te: 'trailers',
        'proxy-authorization': 'secret',
        upgrade: 'h2c',
        'content-length': '99',
      },
    });
    const names = linesOf(server.requests[0]!.head)
      .slice(1)
      .map((line) => line.split(':')[0]);
    expect(names.toSorted((a, b) => (a! < b! ? -1 : 1))).toEqual([
      'accept-encoding',
      'connection',
      'content-length',
      'host',
      'x-request-id',
      'x-request-timeout-ms',
    ]);
    expect(server.requests[0]!.head).toMatch(/connection: keep-alive/i);
    expect(server.requests[0]!.head).toContain('content-length: 8');
  });

  test('a header that cannot be sent is our fault, and nothing is sent', async () => {
    const { fail, server } = await startHarness(ok, once);
    const error = await fail({ headers: { 'x-a': 'a\r\nb: c' } });
    expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', reason: 'request cannot be sent' });
    expect(server.requests).toEqual([]);
  });
});

describe('what comes back', () => {
  test('fields of this hop are left out', async () => {
    const { send } = await startHarness(({ socket }) => {
      const headers = [
        'connection: keep-alive, x-hop',
        'x-hop: 1',
        'keep-alive: timeout=60',
        'etag: "1"',
        'set-cookie: a',
        'set-cookie: b',
      ];
      socket.write(httpAnswer('', { headers }));
    });
    expect((await send()).headers).toEqual({ etag: ['"1"'], 'set-cookie': ['a', 'b'], 'content-length': ['0'] });
  });

  test('a complete answer is an answer, whatever its status', async () => {
    const { send } = await startHarness(({ socket }) =>
      socket.write(httpAnswer('{"detail":"no"}', { status: '500 Internal Server Error' })),
    );
    expect(await send()).toMatchObject({ status: 500, body: { kind: 'json', value: { detail: 'no' } } });
  });
});

describe('calls that end early', () => {
  test('the request deadline is DEADLINE_EXCEEDED, and says whether anything was sent', async () => {
    const { fail, server, clock } = await startHarness(silent);
    const failed = fail({ method: 'POST', context: { deadlineAt: clock.now() + 700 } });
    await server.request(1);
    clock.advance(700);
    expect(await failed).toMatchObject({ code: 'DEADLINE_EXCEEDED', dispatched: true, retryable: false });
  });

  test('a deadline that has passed sends nothing', async () => {
    const { fail, server, clock } = await startHarness(ok);
    expect(await fail({ context: { deadlineAt: clock.now() } })).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      dispatched: false,
      retryable: true,
    });
    expect(server.requests).toEqual([]);
  });

  test('F35 a client that leaves closes the connection to the service', async () => {
    const { fail, server, client } = await startHarness(silent);
    const failed = fail();
    const { socket } = await server.request(1);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    client.abort();
    expect(await failed).toMatchObject({ code: 'REQUEST_CANCELLED', dispatched: true });
    await closed;
    expect(server.requests).toHaveLength(1);
  });

  test('a client that leaves inside a body closes the connection too', async () => {
    const { fail, server, client, clock } = await startHarness(
      ({ socket }) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n['),
      // Shorter than the limit of the head, so that its timer says when the body has begun.
      { deadline: { bodyIdleMs: 4000 } },
    );
    const failed = fail();
    const { socket } = await server.request(1);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await clock.untilScheduled(4000);
    client.abort();
    expect(await failed).toMatchObject({ code: 'REQUEST_CANCELLED' });
    await closed;
  });

  test('a signal that timed out is the deadline, also when its timer fired early', async () => {
    const { fail, server, client } = await startHarness(silent);
    const failed = fail();
    await server.request(1);
    client.abort(new DOMException('The operation timed out', 'TimeoutError'));
    expect(await failed).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  test('two callers share a call, and one may leave', async () => {
    const { send, fail, server } = await startHarness(silent);
    const alice = new AbortController();
    const left = fail({ context: { signal: alice.signal } });
    const stays = send();
    const { socket } = await server.request(1);
    alice.abort();
    expect(await left).toMatchObject({ code: 'REQUEST_CANCELLED' });
    socket.write(httpAnswer('{}'));
    expect((await stays).status).toBe(200);
    expect(server.requests).toHaveLength(1);
  });
});

describe('events', () => {
  test('tell the life of a call', async () => {
    const harness = await startHarness((request, n) => {
      if (n === 1) request.socket.end();
      else ok(request, n);
    });
    const answered = harness.send();
    await harness.clock.untilScheduled(25);
    harness.clock.advance(25);
    await answered;
    expect(summary(harness)).toEqual([
      'call-started',
      'attempt-started',
      'attempt-ended failure',
      'retry-waiting',
      'attempt-started',
      'attempt-ended success',
      'call-ended success',
    ]);
    expect(harness.events.at(-1)).toMatchObject({
      service: 'catalog',
      requestId: 'request-1',
      durationMs: 25,
      status: 200,
    });
    expect(harness.events[2]).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', reason: 'closed', attempt: 0 });
  });

  test('a client that leaves is neutral, 404 a success, 500 a failure, 429 neutral', async () => {
    const harness = await startHarness(({ socket, head }) => {
      const status = /\/(\d{3})/.exec(head)?.[1];
      if (status !== undefined) socket.write(httpAnswer('', { status: `${status} Status`, headers: [] }));
    });
    for (const path of ['/404', '/500', '/429']) await harness.send({ path });
    const failed = harness.fail();
    await harness.server.request(4);
    harness.client.abort();
    await failed;
    const outcomes = harness.events.flatMap((event) => (event.kind === 'call-ended' ? [event.outcome] : []));
    expect(outcomes).toEqual(['success', 'failure', 'neutral', 'neutral']);
  });
});

describe('nothing is left behind', () => {
  test('after 500 calls, answered, failed, timed out and left, no listener stays on the signal and no timer runs', async () => {
    const { send, client, clock, server, drain, events } = await startHarness(
      (request, n) => {
        if (n % 3 === 0) request.socket.destroy();
        else if (n % 3 === 1) ok(request, n);
      },
      { ...once, bulkhead: { batchFanOut: 500 } },
    );
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on('warning', hear);
    const calls: Promise<unknown>[] = [];
    for (let call = 0; call < 500; call++) {
      calls.push(send({ path: `/${call}` }).catch(() => {}));
      if (call % 50 === 49) {
        const leaver = new AbortController();
        const left = send({ path: `/leave/${call}`, context: { signal: leaver.signal } }).catch(() => {});
        leaver.abort();
        await left;
      }
    }
    await server.request(100);
    expect(getEventListeners(client.signal, 'abort').length).toBeGreaterThan(0);
    // The signal never aborts: then a listener left on it would go by itself. The calls without answer run out of time.
    const countEnded = () => events.filter(({ kind }) => kind === 'call-ended').length;
    while (countEnded() < 510) {
      clock.advance(1000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(calls);
    await drain();
    expect(getEventListeners(client.signal, 'abort')).toEqual([]);
    expect(clock.pending).toEqual([]);
    process.off('warning', hear);
    expect(warnings).toEqual([]);
  });

  test('close ends every socket, those in use too, and refuses further calls', async () => {
    const { send, fail, server, close } = await startHarness((request, n) => {
      if (n === 1) ok(request, n);
    });
    await send();
    const inFlight = fail();
    const { socket } = await server.request(2);
    const idle = server.requests[0]!.socket;
    const closed = Promise.all([socket, idle].map((each) => new Promise((resolve) => each.on('close', resolve))));
    await close();
    expect(await inFlight).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', reason: 'shutting-down' });
    await closed;
    expect(await fail()).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', reason: 'shutting-down', dispatched: false });
  });

  test('drain waits for the calls in flight', async () => {
    const { send, server, drain } = await startHarness(silent);
    const answered = send();
    const { socket } = await server.request(1);
    let isDrained = false;
    const drained = drain().then(() => (isDrained = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDrained).toBe(false);
    socket.write(httpAnswer('{}'));
    await answered;
    await drained;
  });
});

describe('services are apart', () => {
  test('one that holds all its places takes none of another', async () => {
    const { server, clock } = await startHarness(silent);
    const upstream = createUpstream({ clock, services: { slow: { bulkhead: { concurrent: 1, queue: 0 } } } });
    const client = new AbortController();
    const context = { signal: client.signal, deadlineAt: clock.now() + 30_000, identity: '', requestId: 'r' };
    const call = (service: string, path: string) =>
      upstream.call({ service, method: 'GET', url: server.url + path, headers: {}, context });
    const held = call('slow', '/1').catch((error: unknown) => error);
    await server.request(1);
    await expect(call('slow', '/2')).rejects.toMatchObject({ code: 'UPSTREAM_SATURATED', service: 'slow' });
    const other = call('fine', '/3').catch((error: unknown) => error);
    const { socket } = await server.request(2);
    socket.write(httpAnswer('{}'));
    expect(await other).toMatchObject({ status: 200 });
    client.abort();
    await held;
    await upstream.close();
  });

  test('a clock of the machine is the default', async () => {
    const { server } = await startHarness(ok);
    const upstream = createUpstream();
    const context = {
      signal: new AbortController().signal,
      deadlineAt: performance.now() + 30_000,
      identity: '',
      requestId: 'r',
    };
    const response = await upstream.call({ service: 'a', method: 'GET', url: server.url, headers: {}, context });
    expect(response.status).toBe(200);
    await upstream.close();
  });
});
