// upstream.md, section 6: a place for each call in flight, a short queue, and no work for callers who left.
import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UpstreamEvent } from '../../../gateway/upstream/events.ts';
import { bulkhead } from '../../../gateway/upstream/policies/bulkhead.ts';
import type { UpstreamResponse } from '../../../gateway/upstream/upstream-call.ts';
import { FakeClock } from '../fake-clock.ts';
import { answer, deferred, makeCall, turn, type RequestParts } from './call.ts';

function setUp(concurrent: number, queue: number) {
  const clock = new FakeClock();
  const events: UpstreamEvent[] = [];
  const policy = bulkhead({
    settings: { concurrent, queue, queueWaitMs: 1000 },
    clock,
    emit: (event) => events.push(event),
  });
  const order: string[] = [];
  const running: ReturnType<typeof deferred<UpstreamResponse>>[] = [];
  const start = (signal?: AbortSignal, parts: RequestParts = {}) => {
    const result = policy(makeCall(clock, parts, signal), () => {
      order.push(parts.url ?? '');
      const work = deferred<UpstreamResponse>();
      running.push(work);
      return work.promise;
    });
    result.catch(() => {});
    return result;
  };
  return { clock, events, running, order, start };
}

describe('bulkhead', () => {
  test('lets in as many calls as it has places, the others wait in order', async () => {
    const { start, running, events, clock } = setUp(2, 5);
    void start();
    void start();
    const client = new AbortController();
    const third = start(client.signal);
    void start();
    expect(running).toHaveLength(2);
    clock.advance(30);
    running[1]!.resolve(answer());
    await turn();
    expect(running).toHaveLength(3);
    expect(events).toMatchObject([{ kind: 'call-queued', waitedMs: 30 }]);
    expect(getEventListeners(client.signal, 'abort')).toEqual([]);
    running[2]!.resolve(answer(204));
    expect(await third).toMatchObject({ status: 204 });
  });

  test('refuses at once when the queue is full', async () => {
    const { start, running } = setUp(1, 1);
    void start();
    void start();
    await expect(start()).rejects.toMatchObject({
      code: 'UPSTREAM_SATURATED',
      retryAfterMs: 1000,
      dispatched: false,
      retryable: true,
      reason: 'bulkhead.queue, 1 calls',
    });
    expect(running).toHaveLength(1);
  });

  test('refuses after 1 s in the queue', async () => {
    const { start, running, clock } = setUp(1, 1);
    void start();
    const waiting = start();
    clock.advance(1000);
    await expect(waiting).rejects.toMatchObject({ code: 'UPSTREAM_SATURATED', reason: 'bulkhead.queueWait, 1000 ms' });
    running[0]!.resolve(answer());
    await turn();
    expect(running).toHaveLength(1);
  });

  test('a queued caller who leaves is dropped before any work, and makes room in the queue', async () => {
    const { start, running, clock } = setUp(1, 1);
    void start();
    const client = new AbortController();
    const left = new Error('left');
    const waiting = start(client.signal);
    client.abort(left);
    await expect(waiting).rejects.toBe(left);
    expect(clock.pending).toEqual([]);
    void start();
    running[0]!.resolve(answer());
    await turn();
    expect(running).toHaveLength(2);
  });

  const read = (url: string): RequestParts => ({ url });
  const query = (url: string): RequestParts => ({ url, method: 'POST', isQuery: true, idempotent: true });
  const write = (url: string): RequestParts => ({ url, method: 'POST' });

  test('writes go before reads, a GraphQL query is a read, each in the order they came', async () => {
    const { start, running, order } = setUp(1, 5);
    const requests = [
      read('in'),
      read('r1'),
      query('r2'),
      write('w1'),
      { ...write('w2'), idempotent: true },
      read('r3'),
    ];
    for (const parts of requests) void start(undefined, parts);
    for (let n = 0; n < requests.length; n++) {
      running[n]!.resolve(answer());
      await turn();
    }
    expect(order).toEqual(['in', 'w1', 'w2', 'r1', 'r2', 'r3']);
  });

  test("in a full queue a write takes the place of the read that came last; a read takes nobody's", async () => {
    const { start, running, order, clock } = setUp(1, 2);
    void start(undefined, read('in'));
    void start(undefined, read('r1'));
    const pushedOut = start(undefined, read('r2'));
    void start(undefined, write('w1'));
    await expect(pushedOut).rejects.toMatchObject({ code: 'UPSTREAM_SATURATED', reason: 'bulkhead.queue, 2 calls' });
    await expect(start(undefined, read('r3'))).rejects.toMatchObject({ code: 'UPSTREAM_SATURATED' });
    void start(undefined, write('w2'));
    await expect(start(undefined, write('w3'))).rejects.toMatchObject({ code: 'UPSTREAM_SATURATED' });
    expect(clock.pending).toHaveLength(2);
    for (let n = 0; n < 3; n++) {
      running[n]!.resolve(answer());
      await turn();
    }
    expect(order).toEqual(['in', 'w1', 'w2']);
  });

  test('a failing call gives its place back', async () => {
    const { start, running } = setUp(1, 0);
    const failing = start();
    running[0]!.reject(new Error('broken'));
    await expect(failing).rejects.toThrow('broken');
    void start();
    expect(running).toHaveLength(2);
  });

  test('whatever happens, never more than its places, and no place is lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        fc.array(fc.constantFrom('start', 'write', 'resolve', 'reject', 'leave', 'wait'), { maxLength: 40 }),
        async (concurrent, queue, steps) => {
          const { start, running, clock } = setUp(concurrent, queue);
          const clients: AbortController[] = [];
          let done = 0;
          for (const step of steps) {
            if (step === 'start' || step === 'write') {
              clients.push(new AbortController());
              void start(clients.at(-1)!.signal, { method: step === 'write' ? 'POST' : 'GET' });
            } else if (step === 'leave') clients.shift()?.abort(new Error('left'));
            else if (step === 'wait') clock.advance(1000);
            else if (done < running.length) {
              if (step === 'resolve') running[done++]!.resolve(answer());
              else running[done++]!.reject(new Error('broken'));
            }
            await turn();
            expect(running.length - done).toBeLessThanOrEqual(concurrent);
          }
          for (let drained = false; !drained;) {
            drained = done === running.length;
            while (done < running.length) running[done++]!.resolve(answer());
            await turn();
          }
          for (let place = 0; place < concurrent; place++) void start();
          expect(running.length - done).toBe(concurrent);
        },
      ),
      { numRuns: 60 },
    );
  });
});
