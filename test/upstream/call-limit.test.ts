// What ends a call before its answer is there, without an AbortController for each limit.
import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { CallController, createClientLimits, untilAborted } from '../../gateway/upstream/call-limit.ts';

const listenerTo = (told: string[], name: string) => ({ onAbort: () => void told.push(name) });
const contextOf = (signal: AbortSignal, deadlineAt = 1000) => ({
  signal,
  deadlineAt,
  identity: 'anonymous',
  requestId: 'request-1',
});

test('a controller tells each listener once, with its first reason', () => {
  const controller = new CallController(1000);
  const told: string[] = [];
  const gone = listenerTo(told, 'gone');
  controller.addListener(listenerTo(told, 'first'));
  controller.addListener(listenerTo(told, 'second'));
  controller.addListener(gone);
  controller.removeListener(gone);
  controller.abort('left');
  controller.abort('again');
  expect(told).toEqual(['first', 'second']);
  expect(controller).toMatchObject({ aborted: true, reason: 'left', hasListeners: false, endsAt: 1000 });
  expect(() => controller.throwIfAborted()).toThrow('left');
});

test('the calls of a client request put one listener on its signal, and the last of them takes it away', () => {
  const client = new AbortController();
  const limitOf = createClientLimits();
  const told: string[] = [];
  const listeners = ['first', 'second', 'third'].map((name) => listenerTo(told, name));
  // A context is copied on its way, its signal is not.
  for (const listener of listeners) limitOf(contextOf(client.signal)).addListener(listener);
  expect(getEventListeners(client.signal, 'abort')).toHaveLength(1);
  const limit = limitOf(contextOf(client.signal));
  for (const listener of listeners) limit.removeListener(listener);
  expect(getEventListeners(client.signal, 'abort')).toEqual([]);
  expect(limitOf(contextOf(client.signal))).not.toBe(limit);

  limit.addListener(listeners[0]!);
  limit.addListener(listeners[1]!);
  limit.removeListener(listeners[0]!);
  client.abort('left');
  expect(told).toEqual(['second']);
  expect(limit).toMatchObject({ aborted: true, reason: 'left' });
});

test('requests with one signal and two deadlines have a limit each', () => {
  const { signal } = new AbortController();
  const limitOf = createClientLimits();
  const early = limitOf(contextOf(signal, 1000));
  early.addListener(listenerTo([], 'early'));
  expect(limitOf(contextOf(signal, 1000))).toBe(early);
  expect(limitOf(contextOf(signal, 2000)).endsAt).toBe(2000);
});

test('the limit of a client who has left is aborted from the start', async () => {
  const client = new AbortController();
  client.abort(new Error('left'));
  const limit = createClientLimits()(contextOf(client.signal));
  expect(limit.aborted).toBe(true);
  await expect(untilAborted(limit, Promise.resolve('answer'))).rejects.toThrow('left');
});
