// F35 and F36 of the fault table: what is left in memory by very many calls, on a network that is played.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Dispatcher } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { createUpstream, systemClock } from 'tributary-gateway/upstream';
import type { UpstreamEvent } from '../../gateway/upstream/events.ts';

const megabyte = 1024 * 1024;
const timeout = 600_000;

/** Bytes in use once everything that can be collected is collected. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let turn = 0; turn < 4; turn++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const bytes = Buffer.from('{"ok":true}');

/** Takes the place of the network: answers at once, or never; counts the exchanges that were given up. */
function playNetwork(answers: boolean) {
  let aborted = 0;
  const dispatch: Dispatcher['dispatch'] = (_options, handler) => {
    const controller = { abort: () => void aborted++ } as unknown as Dispatcher.DispatchController;
    handler.onRequestStart?.(controller, undefined);
    if (answers) {
      setImmediate(() => {
        handler.onResponseStart?.(controller, 200, { 'content-type': 'application/json' });
        handler.onResponseData?.(controller, bytes);
        handler.onResponseEnd?.(controller, {});
      });
    }
    return true;
  };
  return { dispatcher: { dispatch } as unknown as Dispatcher, aborted: () => aborted };
}

/** A client of such a network, and one signal for the life of the process as the parent of all, as a server has it. */
function createClient(dispatcher: Dispatcher) {
  const outcomes = new Map<string, number>();
  const emit = (event: UpstreamEvent) => {
    const name = event.kind === 'call-ended' ? event.outcome : event.kind;
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
  };
  const upstream = createUpstream({ dispatcher, emit });
  onTestFinished(() => upstream.close());
  const call = (n: number, signal: AbortSignal) =>
    upstream.call({
      service: 'catalog',
      method: 'GET',
      url: `http://127.0.0.1:4001/books/${n}`,
      headers: {},
      context: { signal, deadlineAt: systemClock.now() + 30_000, identity: '', requestId: '' },
    });
  return { call, outcomes };
}

test('F35 100,000 clients that leave: less than 20 MB more', { timeout }, async () => {
  const network = playNetwork(false);
  const { call, outcomes } = createClient(network.dispatcher);
  const leave = async (n: number) => {
    const client = new AbortController();
    const ended = call(n, client.signal).catch((error: { code: string }) => error.code);
    await Promise.resolve();
    client.abort();
    return ended;
  };
  for (let n = 0; n < 2000; n++) await leave(n);
  const before = heapInUse();
  for (let n = 0; n < 100_000; n++) await leave(n);
  expect(heapInUse() - before).toBeLessThan(20 * megabyte);
  expect(outcomes.get('neutral')).toBe(102_000);
  expect(network.aborted()).toBe(102_000);
  expect(outcomes.has('breaker-changed')).toBe(false);
});

test('F36 200,000 calls under one signal that lives on: less than 5 MB more', { timeout }, async () => {
  const { call, outcomes } = createClient(playNetwork(true).dispatcher);
  const { signal } = new AbortController();
  for (let n = 0; n < 5000; n++) await call(n, signal);
  const before = heapInUse();
  for (let n = 0; n < 200_000; n++) await call(n, signal);
  expect(heapInUse() - before).toBeLessThan(5 * megabyte);
  expect(outcomes.get('success')).toBe(205_000);
});
