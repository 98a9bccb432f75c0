import { expect, it } from 'vitest';
import { Recollection, RecollectionBound } from '../../gateway/execution/recollection.ts';

const limits = { entries: 2, size: 100, entrySize: 60 };

it('gives what came out of the very same inputs, and nothing for others', () => {
  const recollection = new Recollection<string>(new RecollectionBound());
  const [one, two] = [{}, {}];
  recollection.keep([one, two], 'kept', 4);
  expect(recollection.find([one, two])).toBe('kept');
  expect(recollection.find([one, {}])).toBeUndefined();
  expect(recollection.find([one])).toBeUndefined();
  expect(recollection.find([undefined, two])).toBeUndefined();
});

it('keeps nothing that stands on what cannot come again', () => {
  const recollection = new Recollection<string>(new RecollectionBound());
  recollection.keep([{}, undefined], 'kept', 4);
  recollection.keep([], 'kept', 4);
  expect(recollection.find([])).toBeUndefined();
});

it('lets go what was used longest ago, over all steps together', () => {
  const bound = new RecollectionBound(limits);
  const [names, prices] = [new Recollection<string>(bound), new Recollection<string>(bound)];
  const [one, two, three] = [{}, {}, {}];
  names.keep([one], 'first', 10);
  prices.keep([two], 'second', 10);
  expect(names.find([one])).toBe('first');
  names.keep([three], 'third', 10);
  expect([names.find([one]), prices.find([two]), names.find([three])]).toEqual(['first', undefined, 'third']);
});

it('counts characters, and keeps nothing that is too large', () => {
  const recollection = new Recollection<string>(new RecollectionBound(limits));
  const [one, two] = [{}, {}];
  recollection.keep([one], 'large', 61);
  expect(recollection.find([one])).toBeUndefined();
  recollection.keep([one], 'first', 60);
  recollection.keep([two], 'second', 60);
  expect([recollection.find([one]), recollection.find([two])]).toEqual([undefined, 'second']);
});

it('keeps what differs in any input, and the newest for the same', () => {
  const recollection = new Recollection<string>(new RecollectionBound());
  const [one, two] = [{}, {}];
  recollection.keep([one, two], 'old', 50);
  recollection.keep([one, one], 'other', 50);
  recollection.keep([one, two], 'new', 50);
  expect([recollection.find([one, two]), recollection.find([one, one])]).toEqual(['new', 'other']);
});
