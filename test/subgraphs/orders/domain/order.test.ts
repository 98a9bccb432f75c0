import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAmount, readAmount } from '../../../../subgraphs/orders/domain/money.ts';
import {
  actionsOf,
  authorizeOrder,
  cancelOrder,
  confirmOrder,
  formatTotal,
  openOrder,
  refuseOrder,
  shipOrder,
  StepNotAllowed,
  totalOf,
  type OpenOrder,
  type Order,
} from '../../../../subgraphs/orders/domain/order.ts';
import { checkOrderInput, InvalidOrder, type OrderInput } from '../../../../subgraphs/orders/domain/order-input.ts';

const now = new Date('2026-05-04T09:00:00.000Z');
const open = (): OpenOrder =>
  openOrder({
    id: 'o-1',
    customer: 'anna',
    lines: [
      { bookId: 'emma', quantity: 2, unitPrice: 12_90 },
      { bookId: 'faust', quantity: 1, unitPrice: 5 },
    ],
    currency: 'EUR',
    placedAt: now.toISOString(),
  });
const confirmed = (): Order => confirmOrder(authorizeOrder(open(), 'a-1'));

describe('Order', () => {
  test('adds its lines up to the cent', () => {
    expect([totalOf(open()), formatTotal(open())]).toEqual([25_85, '25.85']);
  });

  test('is confirmed only with an authorization', () => {
    expect(() => confirmOrder(open())).toThrow(RangeError);
    expect(confirmed()).toMatchObject({ status: 'CONFIRMED', authorizationId: 'a-1', version: 3 });
  });

  test('is cancelled once, however often it is asked for', () => {
    const cancelled = cancelOrder(confirmed(), now);
    expect(cancelled).toMatchObject({ status: 'CANCELLED', version: 4 });
    expect(cancelOrder(cancelled, new Date('2027-01-01'))).toBe(cancelled);
  });

  const refused = (): Order => refuseOrder(open(), { reason: 'interrupted' });
  test.each([
    ['cancel', 'OPEN', cancelOrder, open],
    ['cancel', 'REFUSED', cancelOrder, refused],
    ['cancel', 'SHIPPED', cancelOrder, () => shipOrder(confirmed(), now)],
    ['ship', 'OPEN', shipOrder, open],
    ['ship', 'REFUSED', shipOrder, refused],
    ['ship', 'CANCELLED', shipOrder, () => cancelOrder(confirmed(), now)],
  ] as const)('%s of an order that is %s is refused and says so', (step, status, apply, make) => {
    expect(() => apply(make(), now)).toThrow(expect.objectContaining({ name: 'StepNotAllowed', step, status }));
  });

  test('allows exactly the actions that then work, in whatever order they come', () => {
    const actions = { CANCEL: cancelOrder, SHIP: shipOrder };
    fc.assert(
      fc.property(
        fc.constantFrom(open, confirmed, refused),
        fc.array(fc.constantFrom('CANCEL' as const, 'SHIP' as const), { maxLength: 6 }),
        (make, steps) => {
          let order = make();
          for (const step of steps) {
            const isAllowed = actionsOf(order).includes(step);
            let next = order;
            try {
              next = actions[step](order, now);
            } catch (error) {
              if (!(error instanceof StepNotAllowed)) throw error;
            }
            // What is not allowed changes nothing; what is allowed makes exactly one new version.
            expect(next.version).toBe(order.version + (isAllowed ? 1 : 0));
            expect(totalOf(next)).toBe(totalOf(order));
            order = next;
          }
        },
      ),
    );
  });
});

describe('amounts', () => {
  test.each(['', '-1', '1.234', '1,20', '.5', '5.', '1e3', ' 1', '٣'])('readAmount refuses %j', (text) => {
    expect(readAmount(text)).toBeUndefined();
  });

  test('formatAmount and readAmount are each other’s inverse', () => {
    expect([formatAmount(5), formatAmount(12_90), readAmount('12.9'), readAmount('12')]).toEqual([
      '0.05',
      '12.90',
      12_90,
      12_00,
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (cents) => {
        expect(readAmount(formatAmount(cents))).toBe(cents);
      }),
    );
  });
});

describe('checkOrderInput', () => {
  const faultsOf = (input: OrderInput): string[] => {
    try {
      checkOrderInput(input);
      return [];
    } catch (error) {
      if (error instanceof InvalidOrder) return error.faults.map(({ pointer }) => pointer);
      throw error;
    }
  };
  const line = (bookId: string, quantity = 1) => ({ bookId, quantity });

  test('takes 1 to 50 lines of 1 to 100 copies, each book once', () => {
    expect(faultsOf({ customer: 'anna', lines: [line('emma', 100)] })).toEqual([]);
    expect(faultsOf({ customer: 'anna', lines: [] })).toEqual(['/lines']);
    const many = Array.from({ length: 51 }, (_, index) => line(`b${index}`));
    expect(faultsOf({ customer: 'anna', lines: many })).toEqual(['/lines']);
    expect(faultsOf({ customer: 'anna', lines: many.slice(1) })).toEqual([]);
  });

  test('names all faults at once, each where it is', () => {
    const lines = [line('emma', 0), line('faust', 1.5), line('emma', 101), line('no such id!')];
    expect(faultsOf({ customer: ' ', lines })).toEqual([
      '/customer',
      '/lines/0/quantity',
      '/lines/1/quantity',
      '/lines/2/bookId',
      '/lines/2/quantity',
      '/lines/3/bookId',
    ]);
  });

  test.each(['', 'a\u0000', 'a\ud800', ' anna', 'a'.repeat(65)])('refuses the customer %j', (customer) => {
    expect(faultsOf({ customer, lines: [line('emma')] })).toEqual(['/customer']);
  });
});
