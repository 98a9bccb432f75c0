/** Cursors: what the service gives it takes back, and nothing else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sortKeyOf } from '../../../../subgraphs/catalog/domain/title-key.ts';
import { chooseId, wishedId } from '../../../../subgraphs/catalog/domain/book-id.ts';
import { readCursor, writeCursor } from '../../../../subgraphs/catalog/rest/place.ts';

const titles = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }).filter((text) => !/\p{Cc}/u.test(text));
const cursor = (...values: unknown[]): string => Buffer.from(JSON.stringify(values)).toString('base64url');

describe('cursors', () => {
  test('that any title makes fit the 500 characters of the contract and are read again', () => {
    const long = fc.oneof(
      titles,
      fc.constantFrom('"', '\u{10ffff}', 'ﷺ', '戦').map((character) => character.repeat(300)),
    );
    fc.assert(
      fc.property(long, (title) => {
        const place = { key: sortKeyOf(title), id: chooseId(wishedId(title.repeat(3)), new Set()) };
        const text = writeCursor('-title', place);
        expect(text.length).toBeLessThanOrEqual(500);
        expect(readCursor('-title', text)).toEqual(place);
      }),
    );
  });

  test.each([
    ['of another order', cursor('-title', 'emma', 'emma')],
    ['with a number for a title', cursor('title', 7, 'emma')],
    ['with a null byte', cursor('title', 'a\u0000', 'emma')],
    ['with an id that is none', cursor('title', 'emma', 'a b')],
    ['without an id', cursor('title', 'emma')],
    ['with one value too many', cursor('title', 'emma', 'emma', 'emma')],
    ['that is no JSON', 'rubbish'],
  ])('%s are refused', (_name, text) => {
    expect(() => readCursor('title', text)).toThrow(expect.objectContaining({ status: 400, type: 'invalid-cursor' }));
  });

  test.each([['1815'], [1.5], [2 ** 31], [null]])('with %j for a year are refused', (key) => {
    expect(() => readCursor('year', cursor('year', key, 'emma'))).toThrow(expect.objectContaining({ status: 400 }));
  });
});
