// The thread that plans dies by itself: another one takes its place, and nobody waits for a reload.
import type { Worker } from 'node:worker_threads';
import { parse } from 'graphql';
import { expect, it, onTestFinished } from 'vitest';
import { startGraphThread, startWorker, type GraphThread } from '../../../gateway/server/reload/graph-thread.ts';

const inputs = {
  sources: [{ name: 'a', file: 'a.graphql', sdl: 'type Query { a: String }', url: 'http://127.0.0.1:1/' }],
  connectorSettings: {},
};

/** Workers with these numbers are never given a request, so they cannot answer it. */
async function startThread(
  mute: readonly number[] = [],
): Promise<{ thread: GraphThread; workers: Worker[]; deaths: Error[]; waits: number[] }> {
  const workers: Worker[] = [];
  const deaths: Error[] = [];
  const waits: number[] = [];
  const thread = await startGraphThread(inputs, {
    start(given) {
      const worker = startWorker(given);
      if (mute.includes(workers.length)) worker.postMessage = () => {};
      workers.push(worker);
      return worker;
    },
    onDeath: (error) => void deaths.push(error),
    wait: async (ms) => void waits.push(ms),
  });
  onTestFinished(() => thread.close());
  return { thread, workers, deaths, waits };
}

const plan = (thread: GraphThread) => thread.planDocument(parse('{ a }'));
const planned = { root: { kind: 'fetch', subgraph: 'a' } };

it('what was asked of a thread that dies, and what is asked before the next one is up, is planned by the next one', async () => {
  const { thread, workers, deaths, waits } = await startThread();
  const before = plan(thread);
  const ended = workers[0]!.terminate();
  const after = plan(thread);
  await ended;
  const later = plan(thread);
  expect(await Promise.all([before, after, later])).toMatchObject([planned, planned, planned]);
  expect([workers.length, deaths.length, waits]).toEqual([2, 1, []]);
}, 120_000);

it('what was with two threads that died is refused with 503; the third one waits first, and plans', async () => {
  const { thread, workers, waits } = await startThread([0, 1]);
  const poison = plan(thread);
  poison.catch(() => {});
  await workers[0]!.terminate();
  while (workers.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  // It has composed, and gets what waits right after.
  await new Promise((resolve) => workers[1]!.once('message', resolve));
  await workers[1]!.terminate();
  await expect(poison).rejects.toMatchObject({
    extensions: { code: 'OVERLOADED', http: { status: 503, headers: new Map([['retry-after', '1']]) } },
  });
  expect(await plan(thread)).toMatchObject(planned);
  expect(workers).toHaveLength(3);
  expect(waits).toEqual([400]);
}, 120_000);

it('close starts no other thread', async () => {
  const { thread, workers, deaths } = await startThread();
  await thread.close();
  await expect(plan(thread)).rejects.toMatchObject({ extensions: { code: 'OVERLOADED' } });
  expect([workers.length, deaths]).toEqual([1, []]);
}, 120_000);
