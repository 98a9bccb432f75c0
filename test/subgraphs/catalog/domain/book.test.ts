import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changeBook,
  InvalidBook,
  writeBook,
  type Book,
  type BookInput,
} from '../../../../subgraphs/catalog/domain/book.ts';

const [now, later] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T00:00:00Z')];

const input: BookInput = {
  title: 'Emma',
  year: 1815,
  language: 'en',
  genre: 'novel',
  isbn: null,
  authorIds: ['jane-austen'],
  price: '12.90',
};
const emma: Book = { id: 'emma', ...writeBook(input, now) };

function faultsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidBook) return error.faults.map(({ field }) => field);
    throw error;
  }
  return [];
}

describe('writeBook', () => {
  test('gives version 1, the price in cents, the ISBN as digits and the title without white space around it', () => {
    expect(writeBook({ ...input, title: '  Emma ', isbn: '978-0-306-40615-7' }, now)).toEqual({
      ...input,
      isbn: '9780306406157',
      price: 1290,
      version: 1,
      updatedAt: now,
    });
  });

  test.each<[string, Partial<BookInput>, string]>([
    ['an empty title', { title: ' ' }, 'title'],
    ['a title of 301 characters', { title: 'x'.repeat(301) }, 'title'],
    ['a title with a null byte', { title: 'a\u0000b' }, 'title'],
    ['a title with half a character', { title: 'a\ud83d' }, 'title'],
    ['the year 0', { year: 0 }, 'year'],
    ['a wrong check digit', { isbn: '9780306406158' }, 'isbn'],
    ['an empty ISBN', { isbn: '' }, 'isbn'],
    ['no author', { authorIds: [] }, 'authorIds'],
    ['an author twice', { authorIds: ['a', 'b', 'a'] }, 'authorIds'],
    ['three decimals', { price: '1.234' }, 'price'],
  ])('refuses %s', (_name, change, field) => {
    expect(faultsOf(() => writeBook({ ...input, ...change }, now))).toEqual([field]);
    expect(faultsOf(() => changeBook(emma, change, later))).toEqual([field]);
  });

  test('tells all faults at once', () => {
    const bad = { ...input, title: '', year: 0, isbn: 'x', authorIds: [], price: '-1' };
    expect(faultsOf(() => writeBook(bad, now))).toEqual(['title', 'year', 'isbn', 'authorIds', 'price']);
  });

  test('takes 300 characters, an emoji counting as one', () => {
    expect(writeBook({ ...input, title: '📚'.repeat(300) }, now).title).toHaveLength(600);
  });
});

describe('changeBook', () => {
  test('changes what is given and makes a new version', () => {
    expect(changeBook(emma, { price: '9.90', year: null }, later)).toEqual({
      ...emma,
      price: 990,
      year: null,
      version: 2,
      updatedAt: later,
    });
  });

  test('the order of the authors matters', () => {
    const two = changeBook(emma, { authorIds: ['a', 'b'] }, later);
    expect(changeBook(two, { authorIds: ['b', 'a'] }, later).version).toBe(3);
  });

  test('what changes nothing gives the very same book', () => {
    const parts = fc.subarray(Object.keys(input) as (keyof BookInput)[]);
    fc.assert(
      fc.property(parts, (names) => {
        const change = Object.fromEntries(names.map((name) => [name, input[name]])) as Partial<BookInput>;
        expect(changeBook(emma, change, later)).toBe(emma);
      }),
    );
  });
});
