/** Deadlines of those who share, by a clock of the test (shared-operations.test.ts has the rest, over HTTP). */
import { describe, expect, it } from 'vitest';
import { createOperationSharing, type Caller, type Run } from '../../gateway/server/graphql/share-operations.ts';
import type { Answer } from '../../gateway/server/http/answer.ts';

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

function createBench() {
  let time = 0;
  const timers = new Set<Timer>();
  const runs: (Run & { readonly finish: (text: string, headers?: Record<string, string>) => void })[] = [];
  const sharing = createOperationSharing({
    now: () => time,
    schedule: (action, delayMs) => {
      const timer = { at: time + delayMs, action };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    defer: (action) => action(),
  });
  return {
    runs,
    timers,
    /** A client that waits for 100. */
    ask: (requestId: string, text = 'key') => {
      let leave = () => {};
      const caller: Caller = { requestId, deadlineAt: time + 100, onLeave: (called) => (leave = called) };
      const answer = sharing.join({ text, meaning: () => 'what it means', wantsNew: false }, caller, (run) => {
        const { promise, resolve } = withResolvers<Answer>();
        const finish = (text: string, headers: Record<string, string> = {}) =>
          resolve({ status: 200, headers: new Map(Object.entries(headers)), body: Buffer.from(text) });
        run.signal.addEventListener('abort', () => finish(`cut short ${run.requestId}`));
        runs.push({ ...run, finish });
        return promise;
      });
      return { text: answer.then(({ body }) => body.toString()), leave: () => leave() };
    },
    pass: async (ms: number) => {
      await turn();
      time += ms;
      for (const timer of timers) {
        if (timer.at > time) continue;
        timers.delete(timer);
        timer.action();
      }
      await turn();
    },
  };
}

function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((resolved) => (resolve = resolved));
  return { promise, resolve };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('operation sharing', () => {
  it('gives a client that came later its whole time when the first one has none left', async () => {
    const { ask, pass, runs, timers } = createBench();
    const first = ask('first');
    await pass(60);
    const second = ask('second');
    await pass(40);
    expect(await first.text).toBe('cut short first');
    expect(runs.map(({ requestId, deadlineAt }) => [requestId, deadlineAt])).toEqual([
      ['first', 100],
      ['second', 160],
    ]);
    runs[1]!.finish('in time');
    expect(await second.text).toBe('in time');
    expect(timers.size).toBe(0);
  });

  it('begins anew for who comes after the last one has left', async () => {
    const { ask, pass, runs } = createBench();
    const first = ask('first');
    await pass(1);
    first.leave();
    const second = ask('second');
    await pass(1);
    expect(runs.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    runs[1]!.finish('whole');
    expect(await second.text).toBe('whole');
  });

  it('lets requests that are written otherwise and mean the same join', async () => {
    const { ask, pass, runs } = createBench();
    const clients = [ask('first', 'a, b'), ask('second', 'b, a'), ask('third', 'b, a')];
    await pass(1);
    runs[0]!.finish('once');
    expect(await Promise.all(clients.map(({ text }) => text))).toEqual(['once', 'once', 'once']);
    expect(runs).toHaveLength(1);
    ask('later', 'b, a');
    await pass(1);
    expect(runs).toHaveLength(2);
  });

  it('keeps a cookie for the one client it was made for', async () => {
    const { ask, pass, runs } = createBench();
    const clients = [ask('first'), ask('second')];
    await pass(1);
    runs[0]!.finish('with a cookie', { 'set-cookie': 'session=1' });
    await pass(1);
    runs[1]!.finish('with another', { 'set-cookie': 'session=2' });
    expect(await Promise.all(clients.map(({ text }) => text))).toEqual(['with a cookie', 'with another']);
  });

  it('lets those who wait go on alone as soon as it is known that it is no query', async () => {
    const { ask, pass, runs } = createBench();
    const clients = [ask('first'), ask('second'), ask('third')];
    await pass(1);
    expect(runs).toHaveLength(1);
    runs[0]!.noteOperation('mutation');
    await pass(1);
    expect(runs).toHaveLength(3);
    runs.forEach(({ finish, requestId }) => finish(requestId));
    expect(await Promise.all(clients.map(({ text }) => text))).toEqual(['first', 'second', 'third']);
  });
});

it('requests that have arrived already join before the execution begins', async () => {
  let begin = () => {};
  const sharing = createOperationSharing({ defer: (action) => (begin = action) });
  const asked: string[] = [];
  const ask = (requestId: string, text: string | undefined) => {
    const caller: Caller = { requestId, deadlineAt: performance.now() + 60_000, onLeave() {} };
    const execute = async (run: Run): Promise<Answer> => {
      asked.push(run.requestId);
      return { status: 200, headers: new Map(), body: Buffer.from(requestId) };
    };
    return text === undefined
      ? sharing.runAlone(caller, execute)
      : sharing.join({ text, meaning: () => undefined, wantsNew: false }, caller, execute);
  };
  const shared = [ask('a', 'key'), ask('b', 'key')];
  expect((await ask('alone', undefined)).body.toString()).toBe('alone');
  expect(asked).toEqual(['alone']);
  begin();
  expect((await Promise.all(shared)).map(({ body }) => body.toString())).toEqual(['a', 'a']);
  expect(asked).toEqual(['alone', 'a']);
});
