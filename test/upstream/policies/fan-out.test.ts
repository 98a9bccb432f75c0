// upstream.md, section 6: the fan-out of one client request waits inside its calls.
import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { fanOut } from '../../../gateway/upstream/policies/fan-out.ts';
import type { UpstreamResponse } from '../../../gateway/upstream/upstream-call.ts';
import { FakeClock } from '../fake-clock.ts';
import { startService } from '../instances.ts';
import { answer, deferred, makeCall, turn } from './call.ts';

function setUp(batchFanOut: number) {
  const clock = new FakeClock();
  const policy = fanOut({ batchFanOut });
  const running: ReturnType<typeof deferred<UpstreamResponse>>[] = [];
  const newRequest = () => {
    const { request } = makeCall(clock);
    return (signal = new AbortController().signal) => {
      // A trace gives each call a context of its own, with the signal of its client request.
      const copied = { ...request, context: { ...request.context } };
      const result = policy({ ...makeCall(clock, {}, signal), request: copied }, () => {
        running.push(deferred<UpstreamResponse>());
        return running.at(-1)!.promise;
      });
      result.catch(() => {});
      return result;
    };
  };
  return { running, newRequest };
}

describe('fanOut', () => {
  test('of one client request so many are in flight, the others wait in order; another request is free', async () => {
    const { running, newRequest } = setUp(2);
    const [one, other] = [newRequest(), newRequest()];
    const batch = Array.from({ length: 5 }, () => one());
    expect(running).toHaveLength(2);
    void other();
    expect(running).toHaveLength(3);
    running[0]!.resolve(answer(200));
    await turn();
    expect(running).toHaveLength(4);
    running[1]!.reject(new Error('broken'));
    await turn();
    expect(running).toHaveLength(5);
    for (const work of running) work.resolve(answer());
    await turn();
    for (const work of running) work.resolve(answer());
    const ends = (await Promise.allSettled(batch)).map(({ status }) => status);
    expect(ends.toSorted()).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  });

  test('a call that waits and is left does no work and leaves no listener', async () => {
    const { running, newRequest } = setUp(1);
    const send = newRequest();
    void send();
    const client = new AbortController();
    const [left, stays] = [send(client.signal), send()];
    client.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    expect(getEventListeners(client.signal, 'abort')).toEqual([]);
    await expect(send(client.signal)).rejects.toThrow('left');
    running[0]!.resolve(answer());
    await turn();
    running[1]!.resolve(answer(204));
    expect((await stays).status).toBe(204);
    expect(running).toHaveLength(2);
  });
});

test('in the pipeline: 100 calls of one client request are 32 at the service, and all are answered', async () => {
  const { instances, upstream, clock } = await startService(1);
  const held: (() => void)[] = [];
  let most = 0;
  instances[0]!.answer = (_request, response) => {
    held.push(() => response.setHeader('content-type', 'application/json').end('{}'));
    most = Math.max(most, held.length);
  };
  const { request } = makeCall(clock);
  const calls = Array.from({ length: 100 }, (_, n) =>
    upstream.call({ ...request, url: `http://catalog.internal/books/${n}` }),
  );
  let answered = 0;
  for (const call of calls) void call.then(() => answered++);
  while (answered < 100) {
    await turn();
    if (held.length === Math.min(32, 100 - answered)) for (const end of held.splice(0)) end();
  }
  expect(most).toBe(32);
});
