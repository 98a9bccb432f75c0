import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { didYouMean, nearestNames } from '../../gateway/errors/did-you-mean.ts';

describe('didYouMean', () => {
  test.each([
    ['one near name', 'atempt', ['attempt', 'call', 'connect'], 'Did you mean "attempt"?'],
    ['two letters changed places', 'prot', ['port', 'host'], 'Did you mean "port"?'],
    ['case does not count', 'BODYLIMIT', ['bodyLimit'], 'Did you mean "bodyLimit"?'],
    ['two near names', 'titel', ['title', 'tithe', 'xyz'], 'Did you mean "title" or "tithe"?'],
    ['the best three only', 'boot', ['book', 'root', 'booth', 'foot'], 'Did you mean "book", "booth" or "foot"?'],
    ['none near: the valid names, sorted', 'xyzzy', ['port', 'host'], 'Valid names: "host", "port"'],
    ['a short name may differ by one', 'ic', ['id'], 'Did you mean "id"?'],
    ['a short name may not differ by two', 'xy', ['id'], 'Valid names: "id"'],
    ['no names at all', 'port', [], undefined],
  ])('%s', (_name, name, candidates, expected) => {
    expect(didYouMean(name, candidates)).toBe(expected);
  });

  test('takes any iterable, and leaves it alone', () => {
    const names = ['port', 'host'];
    expect(didYouMean('xyzzy', new Set(names))).toBe('Valid names: "host", "port"');
    didYouMean('xyzzy', names);
    expect(names).toEqual(['port', 'host']);
  });
});

describe('nearestNames', () => {
  const name = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'b', 'c', 'd', 'e') });

  test('a name that is there is the nearest', () => {
    fc.assert(
      fc.property(name, fc.array(name), (wanted, others) => {
        expect(nearestNames(wanted, [...others, wanted])[0]).toBe(wanted);
      }),
    );
  });

  test('at most three, all of them candidates, none twice', () => {
    fc.assert(
      fc.property(name, fc.array(name), (wanted, candidates) => {
        const near = nearestNames(wanted, candidates);
        expect(near.length).toBeLessThanOrEqual(3);
        expect(new Set(near).size).toBe(near.length);
        expect(candidates).toEqual(expect.arrayContaining(near));
      }),
    );
  });

  test('the order of the candidates does not matter', () => {
    fc.assert(
      fc.property(name, fc.array(name), (wanted, candidates) => {
        expect(nearestNames(wanted, candidates.toReversed())).toEqual(nearestNames(wanted, candidates));
      }),
    );
  });
});
