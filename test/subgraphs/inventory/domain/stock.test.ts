import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  availableOf,
  BelowReserved,
  holdCopies,
  OutOfStock,
  recount,
  returnCopies,
  takeCopies,
  type Stock,
} from '../../../../subgraphs/inventory/domain/stock.ts';

const shelf = (onHand: number, reserved: number): Stock => ({ bookId: 'emma', onHand, reserved });

describe('Stock', () => {
  test('holdCopies refuses one copy more than can be had and says how many there are', () => {
    expect(holdCopies(shelf(5, 2), 3)).toEqual(shelf(5, 5));
    expect(() => holdCopies(shelf(5, 2), 4)).toThrow(
      expect.objectContaining({ name: 'OutOfStock', bookId: 'emma', available: 3, requested: 4 }),
    );
  });

  test('takeCopies lets held copies leave the shelf, returnCopies brings them back', () => {
    expect(takeCopies(shelf(5, 2), 2)).toEqual(shelf(3, 0));
    expect(returnCopies(shelf(3, 0), 2)).toEqual(shelf(5, 0));
  });

  test('takeCopies of more than was held is a mistake of the caller', () => {
    expect(() => takeCopies(shelf(5, 2), 3)).toThrow(RangeError);
  });

  test('recount goes down to what is reserved and no further', () => {
    expect(recount(shelf(5, 2), 2)).toEqual(shelf(2, 2));
    expect(() => recount(shelf(5, 2), 1)).toThrow(BelowReserved);
  });

  test('no sequence of changes breaks 0 <= reserved <= onHand', () => {
    const change = fc.tuple(
      fc.constantFrom(holdCopies, takeCopies, returnCopies, recount),
      fc.integer({ min: 0, max: 12 }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        let stock = shelf(10, 0);
        for (const [apply, count] of changes) {
          try {
            stock = apply(stock, count);
          } catch (error) {
            if (![OutOfStock, BelowReserved, RangeError].some((known) => error instanceof known)) throw error;
          }
          expect(stock.reserved).toBeGreaterThanOrEqual(0);
          expect(availableOf(stock)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
