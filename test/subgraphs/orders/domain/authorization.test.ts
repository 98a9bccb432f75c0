import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideAuthorization, type CustomerHistory } from '../../../../subgraphs/orders/domain/authorization.ts';

const unknown: CustomerHistory = { openAmount: 0, refusalsInADay: 0, isOnHold: false };
const rulesOf = (amount: number, history: Partial<CustomerHistory> = {}): string[] =>
  decideAuthorization({ amount, currency: 'EUR', history: { ...unknown, ...history } }).reasons.map(({ rule }) => rule);

describe('decideAuthorization', () => {
  test('grants up to 1000.00 in one order and refuses a cent more', () => {
    expect(decideAuthorization({ amount: 1_000_00, currency: 'EUR', history: unknown })).toEqual({
      decision: 'GRANTED',
      reasons: [],
    });
    expect(rulesOf(1_000_01)).toEqual(['amount-limit']);
  });

  test('counts what is open together with what is asked for', () => {
    expect(rulesOf(500_00, { openAmount: 2_500_00 })).toEqual([]);
    expect(rulesOf(500_00, { openAmount: 2_500_01 })).toEqual(['open-amount-limit']);
  });

  test('refuses after more than 5 refusals within a day, and anybody on hold', () => {
    expect(rulesOf(1, { refusalsInADay: 5 })).toEqual([]);
    expect(rulesOf(1, { refusalsInADay: 6 })).toEqual(['too-many-refusals']);
    expect(rulesOf(1, { isOnHold: true })).toEqual(['customer-on-hold']);
  });

  test('gives all reasons at once, with the amounts', () => {
    const { reasons } = decideAuthorization({
      amount: 2_000_00,
      currency: 'EUR',
      history: { openAmount: 2_000_00, refusalsInADay: 7, isOnHold: true },
    });
    expect(reasons.map(({ rule }) => rule)).toEqual([
      'customer-on-hold',
      'amount-limit',
      'open-amount-limit',
      'too-many-refusals',
    ]);
    expect(reasons[1]!.detail).toBe('One order may come to 1000.00 EUR, this one comes to 2000.00 EUR');
  });

  test('who may spend an amount may spend a smaller one, and who has less open may do the same', () => {
    const cents = fc.integer({ min: 0, max: 4_000_00 });
    const history = fc.record({
      openAmount: cents,
      refusalsInADay: fc.integer({ min: 0, max: 9 }),
      isOnHold: fc.boolean(),
    });
    fc.assert(
      fc.property(cents, history, cents, cents, (amount, known, less, lessOpen) => {
        fc.pre(rulesOf(amount, known).length === 0);
        const openAmount = Math.min(known.openAmount, lessOpen);
        expect(rulesOf(Math.min(amount, less), { ...known, openAmount })).toEqual([]);
      }),
    );
  });
});
