import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPrice, readPrice } from '../../../../subgraphs/catalog/domain/price.ts';

const prices = fc.integer({ min: 0, max: 9_999_999 });

describe('prices', () => {
  test.each([
    ['12.90', 1290],
    ['12.9', 1290],
    ['12', 1200],
    ['0.00', 0],
    ['0.05', 5],
    ['99999.99', 9_999_999],
  ])('readPrice("%s") is %d cents', (text, cents) => expect(readPrice(text)).toBe(cents));

  test.each(['', '-1', '+1', '1.', '.5', '1.234', '1,50', '1e2', '100000', ' 1', 'NaN', '0x10'])(
    'readPrice refuses "%s"',
    (text) => expect(readPrice(text)).toBeUndefined(),
  );

  test('formatPrice has two decimals, and readPrice reads what it writes', () => {
    fc.assert(
      fc.property(prices, (cents) => {
        expect(formatPrice(cents)).toMatch(/^(0|[1-9]\d*)\.\d\d$/);
        expect(readPrice(formatPrice(cents))).toBe(cents);
      }),
    );
  });

  test('readPrice reads the number a program writes for the price', () => {
    fc.assert(
      fc.property(prices, (cents) => {
        expect(readPrice(String(cents / 100))).toBe(cents);
      }),
    );
  });
});
