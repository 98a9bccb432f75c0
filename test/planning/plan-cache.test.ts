import { describe, expect, it } from 'vitest';
import { PlanCache } from '../../gateway/planning/plan-cache.ts';

const fail = () => {
  throw new RangeError('too large');
};

describe('PlanCache', () => {
  it('makes a value once', () => {
    const cache = new PlanCache<object>(2);
    const made = cache.get('a', () => ({}));
    expect(cache.get('a', () => expect.fail('made twice'))).toBe(made);
  });

  it('drops the one not used for the longest time', () => {
    const cache = new PlanCache<string>(2);
    cache.get('a', () => 'first a');
    cache.get('b', () => 'first b');
    cache.get('a', () => 'second a');
    cache.get('c', () => 'first c');
    expect(cache.get('a', () => 'second a')).toBe('first a');
    expect(cache.get('b', () => 'second b')).toBe('second b');
  });

  it('keeps nothing of what could not be made', () => {
    const cache = new PlanCache<string>(2);
    expect(() => cache.get('a', fail)).toThrow('too large');
    expect(cache.get('a', () => 'made')).toBe('made');
  });

  it('lists what it keeps, what was used last first', () => {
    const cache = new PlanCache<string>(3);
    for (const key of ['a', 'b', 'c', 'a']) cache.get(key, () => key);
    expect(cache.values()).toEqual(['a', 'c', 'b']);
  });

  it('forgets a value, and not the one that took its place', () => {
    const cache = new PlanCache<object>(2);
    const first = cache.get('a', () => ({}));
    cache.drop('a', first);
    const second = cache.get('a', () => ({}));
    cache.drop('a', first);
    expect(cache.values()).toEqual([second]);
    expect(second).not.toBe(first);
  });
});
