/** Answers in memory: as long as they are fresh, as many as there is room for. */
import { expect, it } from 'vitest';
import { createAnswerStore } from '../../../gateway/server/graphql/answer-store.ts';
import type { Answer } from '../../../gateway/server/http/answer.ts';

const answerOf = (length: number): Answer => ({ status: 200, headers: new Map(), body: Buffer.alloc(length) });

function start(limitBytes = 10_000) {
  let time = 500;
  const store = createAnswerStore({ limitBytes, now: () => time });
  return { store, pass: (ms: number) => void (time += ms) };
}

it('gives an answer with its age until it is not fresh any more', () => {
  const { store, pass } = start();
  const answer = answerOf(1);
  store.set('key', answer, 10);
  pass(3_900);
  expect(store.get('key')).toEqual({ answer, ageSeconds: 3, leftSeconds: 7 });
  pass(6_100);
  expect(store.get('key')).toBeUndefined();
});

it('does not start the time anew when the same answer is brought again', () => {
  const { store, pass } = start();
  const answer = answerOf(1);
  store.set('key', answer, 10);
  pass(5_000);
  store.set('key', answer, 10);
  expect(store.get('key')?.ageSeconds).toBe(5);
});

it('lets the one go first that was used longest ago', () => {
  const { store } = start();
  for (const key of ['a', 'b', 'c']) store.set(key, answerOf(2_000), 10);
  store.get('a');
  store.set('d', answerOf(2_000), 10);
  expect(['a', 'b', 'c', 'd'].filter((key) => store.get(key) !== undefined)).toEqual(['a', 'c', 'd']);
});

it('keeps nothing that is larger than all of it, and nothing without a lifetime', () => {
  const { store } = start();
  store.set('large', answerOf(10_000), 10);
  store.set('stale', answerOf(1), 0);
  expect([store.get('large'), store.get('stale')]).toEqual([undefined, undefined]);
});

it('is empty once it is cleared, and says so by its version', () => {
  const { store } = start();
  const { version } = store;
  store.set('key', answerOf(1), 10);
  store.clear();
  expect(store.get('key')).toBeUndefined();
  expect(store.version).not.toBe(version);
});
