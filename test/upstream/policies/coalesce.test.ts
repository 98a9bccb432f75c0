// upstream.md, section 4: identical GETs in flight share one call, and only those.
import { describe, expect, test } from 'vitest';
import type { Call } from '../../../gateway/upstream/call.ts';
import type { UpstreamEvent } from '../../../gateway/upstream/events.ts';
import type { CallLimit } from '../../../gateway/upstream/call-limit.ts';
import { coalesce } from '../../../gateway/upstream/policies/coalesce.ts';
import type { UpstreamResponse } from '../../../gateway/upstream/upstream-call.ts';
import { FakeClock } from '../fake-clock.ts';
import { answer, deferred, makeCall, turn, type RequestParts } from './call.ts';

function setUp() {
  const clock = new FakeClock();
  const events: UpstreamEvent[] = [];
  const policy = coalesce({ emit: (event) => events.push(event) });
  const calls: { call: Call; work: ReturnType<typeof deferred<UpstreamResponse>> }[] = [];
  const start = (parts: RequestParts = {}, signal?: AbortSignal) => {
    const result = policy(makeCall(clock, parts, signal), (call) => {
      const work = deferred<UpstreamResponse>();
      calls.push({ call, work });
      return work.promise;
    });
    result.catch(() => {});
    return result;
  };
  return { clock, events, calls, start };
}

describe('coalesce', () => {
  test('identical GETs share one call and its answer', async () => {
    const { start, calls, events } = setUp();
    const results = [start(), start(), start()];
    expect(calls).toHaveLength(1);
    const shared = answer();
    calls[0]!.work.resolve(shared);
    const expected = { ...shared, isShared: true };
    expect(await Promise.all(results)).toEqual([expected, expected, expected]);
    expect(events.map(({ kind }) => kind)).toEqual(['call-coalesced', 'call-coalesced']);
  });

  test('and its error', async () => {
    const { start, calls } = setUp();
    const results = [start(), start()];
    const broken = new Error('broken');
    calls[0]!.work.reject(broken);
    for (const result of results) await expect(result).rejects.toBe(broken);
  });

  test('an answer that only one caller holds is not called shared, also when another asks just after it came', async () => {
    const { start, calls } = setUp();
    const first = start();
    calls[0]!.work.resolve(answer());
    await Promise.resolve();
    await Promise.resolve();
    const second = start();
    expect(calls).toHaveLength(2);
    calls[1]!.work.resolve(answer());
    expect((await first).isShared).toBeUndefined();
    expect((await second).isShared).toBeUndefined();
  });

  test('a query sent by POST is told apart by its body', () => {
    const { start, calls } = setUp();
    const query = { method: 'POST', isQuery: true };
    for (const body of ['{"query":"{ a }"}', '{"query":"{ b }"}', '{"query":"{ a }"}']) void start({ ...query, body });
    expect(calls.map(({ call }) => call.request.body)).toEqual(['{"query":"{ a }"}', '{"query":"{ b }"}']);
  });

  test('the order of header fields does not matter', () => {
    const { start, calls } = setUp();
    void start({ headers: { a: '1', b: '2' } });
    void start({ headers: { b: '2', a: '1' } });
    expect(calls).toHaveLength(1);
  });

  test.each<[string, RequestParts]>([
    ['another identity', { context: { identity: 'alice' } }],
    ['another URL', { url: 'http://catalog/books?first=2' }],
    ['another header', { headers: { accept: 'application/xml' } }],
    ['another method', { method: 'HEAD' }],
    ['POST', { method: 'POST' }],
    ['a POST that may be repeated, and is no query', { method: 'POST', body: '{}', idempotent: true }],
    ['a GET with a body', { body: '{}' }],
  ])('%s does not share', (_name, parts) => {
    const { start, calls } = setUp();
    void start();
    void start(parts);
    expect(calls).toHaveLength(2);
  });

  test('a POST never shares, not even with its like', () => {
    const { start, calls } = setUp();
    void start({ method: 'POST' });
    void start({ method: 'POST' });
    expect(calls).toHaveLength(2);
  });

  test('an answer is not kept: the next caller makes a call of his own', async () => {
    const { start, calls } = setUp();
    const first = start();
    calls[0]!.work.resolve(answer());
    await first;
    void start();
    expect(calls).toHaveLength(2);
  });

  test('the call lives until its last caller leaves', async () => {
    const { start, calls } = setUp();
    const [alice, bob] = [new AbortController(), new AbortController()];
    const results = [start({}, alice.signal), start({}, bob.signal)];
    const left = new Error('left');
    alice.abort(left);
    await expect(results[0]).rejects.toBe(left);
    expect(calls[0]!.call.limit.aborted).toBe(false);
    bob.abort(left);
    await expect(results[1]).rejects.toBe(left);
    expect(calls[0]!.call.limit.aborted).toBe(true);
    void start();
    expect(calls).toHaveLength(2);
  });

  test('it has time as long as any of its callers', async () => {
    const { start, calls, clock } = setUp();
    void start({ context: { deadlineAt: clock.now() + 1000 } });
    void start({ context: { deadlineAt: clock.now() + 5000 } });
    await turn();
    expect(calls[0]!.call.limit.endsAt - clock.now()).toBe(5000);
  });

  test('a caller who comes after all have left gets a call of his own', async () => {
    const { start, calls } = setUp();
    const client = new AbortController();
    void start({}, client.signal);
    client.abort(new Error('left'));
    await turn();
    const late = start();
    expect(calls).toHaveLength(2);
    calls[1]!.work.resolve(answer(204));
    expect(await late).toMatchObject({ status: 204 });
  });
});

test('a call that has ended is not aborted afterwards', async () => {
  const clock = new FakeClock();
  let limit: CallLimit | undefined;
  const policy = coalesce({ emit: () => {} });
  await policy(makeCall(clock), (call) => {
    ({ limit } = call);
    return Promise.resolve(answer());
  });
  await turn();
  expect(limit?.aborted).toBe(false);
});
