import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIsbn } from '../../../../subgraphs/catalog/domain/isbn.ts';

/** The check digit by the book: what is missing to a multiple of ten, when every second digit counts three times. */
function complete(twelve: string): string {
  let sum = 0;
  for (let at = 0; at < 12; at += 2) sum += Number(twelve[at]) + 3 * Number(twelve[at + 1]);
  return twelve + String((10 - (sum % 10)) % 10);
}

const isbns = fc
  .tuple(fc.constantFrom('978', '979'), fc.stringMatching(/^\d{9}$/))
  .map(([prefix, rest]) => complete(prefix + rest));

describe('readIsbn', () => {
  test('takes the number of the standard, with hyphens or without', () => {
    expect(readIsbn('978-0-306-40615-7')).toBe('9780306406157');
    expect(readIsbn('9780306406157')).toBe('9780306406157');
  });

  test.each(['', '9780306406158', '0306406152', '1234567890128', '978030640615', '97803064061570', '978-0306406157-'])(
    'refuses "%s"',
    (text) => expect(readIsbn(text)).toBeUndefined(),
  );

  test('takes every number with its check digit', () => {
    fc.assert(
      fc.property(isbns, (isbn) => {
        expect(readIsbn(isbn)).toBe(isbn);
      }),
    );
  });

  test('refuses every number with one wrong digit', () => {
    fc.assert(
      fc.property(isbns, fc.nat({ max: 12 }), fc.integer({ min: 1, max: 9 }), (isbn, at, by) => {
        const wrong = (Number(isbn[at]) + by) % 10;
        expect(readIsbn(isbn.slice(0, at) + String(wrong) + isbn.slice(at + 1))).toBeUndefined();
      }),
    );
  });
});
