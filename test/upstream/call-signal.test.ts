// What tells a call that it is no longer wanted, without an AbortController for each limit.
import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { CallController } from '../../gateway/upstream/call-signal.ts';
import { createSignalRelay, linkSignal } from '../../gateway/upstream/linked-signal.ts';

test('a controller tells each listener once, with its first reason', () => {
  const controller = new CallController();
  const told: string[] = [];
  const gone = () => told.push('gone');
  controller.addEventListener('abort', () => told.push('first'));
  controller.addEventListener('abort', () => told.push('second'));
  controller.addEventListener('abort', gone);
  controller.removeEventListener('abort', gone);
  controller.abort('left');
  controller.abort('again');
  expect(told).toEqual(['first', 'second']);
  expect(controller).toMatchObject({ aborted: true, reason: 'left', hasListeners: false });
  expect(() => controller.throwIfAborted()).toThrow('left');
});

test('a relay puts one listener on the signal of a client, however many calls follow it, and takes it away with the last', () => {
  const client = new AbortController();
  const relay = createSignalRelay();
  const links = [1, 2, 3].map(() => linkSignal(relay(client.signal)));
  expect(getEventListeners(client.signal, 'abort')).toHaveLength(1);
  links[0]!.release();
  client.abort('left');
  expect(links.map(({ signal }) => signal.aborted)).toEqual([false, true, true]);
  expect(links[1]!.signal.reason).toBe('left');

  const other = new AbortController();
  const link = linkSignal(relay(other.signal));
  link.release();
  expect(getEventListeners(other.signal, 'abort')).toEqual([]);
});

test('a link to a signal that has aborted is aborted from the start', () => {
  const client = new AbortController();
  client.abort('left');
  const link = linkSignal(createSignalRelay()(client.signal), () => 'told');
  expect(link.signal).toMatchObject({ aborted: true, reason: 'told' });
});
