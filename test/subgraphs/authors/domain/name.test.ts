import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  baseIdOf,
  chooseId,
  faultOfName,
  fullName,
  searchKeyOf,
  sortKeyOf,
  tidyName,
} from '../../../../subgraphs/authors/domain/name.ts';

const named = (lastName: string, firstName: string | null = null) => ({ firstName, lastName });
const sorted = (...names: readonly ReturnType<typeof named>[]): string[] =>
  names
    .map((name) => ({ name, key: sortKeyOf(name) }))
    .toSorted((a, b) => compare(a.key.last, b.key.last) || compare(a.key.first, b.key.first))
    .map(({ name }) => fullName(name));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

describe('names', () => {
  test('fullName of one who is known by one name is that name', () => {
    expect(fullName(named('Homer'))).toBe('Homer');
    expect(fullName(named('Flaubert', 'Gustave'))).toBe('Gustave Flaubert');
  });

  test('tidyName composes letters and cuts white space off', () => {
    expect(tidyName('  de\u0020 \u0020Saint-Exupe\u0301ry\n')).toBe('de Saint-Exupéry');
  });

  test.each([
    ['100 characters outside the first plane', '𝔄'.repeat(100), undefined],
    ['101 characters', 'a'.repeat(101), 'A name has at most 100 characters; this one has 101'],
    ['nothing', '', 'A name has at least one letter'],
    ['a zero-width space', '\u200b', 'A name has at least one letter'],
    ['a null byte', 'a\u0000', 'A name has no control characters and no line breaks'],
    ['a line feed', 'a\nb', 'A name has no control characters and no line breaks'],
    ['half a character', 'a\ud800', 'A name has no control characters and no line breaks'],
    ['what XML cannot carry', 'a\uffff', 'A name has no control characters and no line breaks'],
    ['a name in another script', '村上春樹', undefined],
    ['O’Neill & <sons>', 'O’Neill & <sons>', undefined],
  ])('faultOfName of %s', (_what, text, fault) => {
    expect(faultOfName(text)).toBe(fault);
  });

  test('searchKeyOf forgets case and accents, also of letters that Unicode does not take apart', () => {
    expect(searchKeyOf(named('Kierkegaard', 'Søren'))).toBe('soren kierkegaard');
    expect(searchKeyOf(named('PRUS', 'Bolesław'))).toBe('boleslaw prus');
  });

  test('sortKeyOf puts last names first and people of one name before their namesakes', () => {
    expect(
      sorted(
        named('Zola', 'Émile'),
        named('Čapek', 'Karel'),
        named('Smith Jones', 'A.'),
        named('Smith', 'Zoe'),
        named('Smith'),
      ),
    ).toEqual(['Karel Čapek', 'Smith', 'Zoe Smith', 'A. Smith Jones', 'Émile Zola']);
  });

  test('sortKeyOf fits an index, whatever the letters unfold to', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }), (text) => {
        const { last, first } = sortKeyOf(named(text, text));
        expect(Buffer.byteLength(last) + Buffer.byteLength(first)).toBeLessThanOrEqual(480);
      }),
    );
    expect(sortKeyOf(named('\ufdfa'.repeat(100))).last.length).toBeLessThanOrEqual(60);
  });
});

describe('ids', () => {
  test('baseIdOf is a slug of the whole name, and "author" for a name without Latin letters', () => {
    expect(baseIdOf(named('de Saint-Exupéry', 'Antoine'))).toBe('antoine-de-saint-exupery');
    expect(baseIdOf(named('村上春樹'))).toBe('author');
  });

  test('chooseId takes the base, else the first number that is free', () => {
    expect(chooseId('homer', new Set())).toBe('homer');
    expect(chooseId('homer', new Set(['homer', 'homer-2', 'homer-4']))).toBe('homer-3');
  });

  test('baseIdOf of any name is one that the contract takes, with room for a number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), fc.string({ maxLength: 100 }), (last, first) => {
        const id = baseIdOf(named(last, first));
        expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(id.length).toBeLessThanOrEqual(80);
      }),
    );
  });
});
