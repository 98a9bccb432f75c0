/** What counts as sold, and of which period a report can be made. */
import { describe, expect, it } from 'vitest';
import type { Order } from '../../../../subgraphs/orders/domain/order.ts';
import {
  addOrders,
  bestSellers,
  checkPeriod,
  InvalidPeriod,
  noSales,
} from '../../../../subgraphs/orders/domain/sales-report.ts';

const order = (status: Order['status'], lines: Record<string, number>, currency = 'EUR'): Order =>
  ({
    status,
    currency,
    lines: Object.entries(lines).map(([bookId, quantity]) => ({ bookId, quantity, unitPrice: 1290 })),
  }) as unknown as Order;

describe('addOrders', () => {
  it('counts orders that are confirmed or shipped, and no others', () => {
    const all = (['OPEN', 'CONFIRMED', 'SHIPPED', 'CANCELLED', 'REFUSED'] as const).map((s) => order(s, { emma: 2 }));
    expect(addOrders(noSales, all)).toEqual({ orders: 2, revenue: { EUR: 5160 }, copies: { emma: 4 } });
  });

  it('adds no amounts of different currencies, and goes on where it was', () => {
    const first = addOrders(noSales, [order('CONFIRMED', { emma: 1, faust: 3 })]);
    const both = addOrders(first, [order('CONFIRMED', { emma: 1 }, 'USD')]);
    expect(both).toEqual({ orders: 2, revenue: { EUR: 5160, USD: 1290 }, copies: { emma: 2, faust: 3 } });
    expect(bestSellers(both).map(({ bookId }) => bookId)).toEqual(['faust', 'emma']);
  });

  it('knows a book by any id', () => {
    expect(bestSellers(addOrders(noSales, [order('SHIPPED', { constructor: 1 })]))).toEqual([
      { bookId: 'constructor', copies: 1 },
    ]);
  });

  it('lists the hundred books sold most, equal ones by id', () => {
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`b${String(i).padStart(3, '0')}`, 1]));
    const books = bestSellers(addOrders(noSales, [order('SHIPPED', many)]));
    expect([books.length, books[0]!.bookId, books[99]!.bookId]).toEqual([100, 'b000', 'b099']);
  });
});

describe('checkPeriod', () => {
  const faultsOf = (from: string, until: string) => {
    try {
      checkPeriod({ from, until });
      return [];
    } catch (error) {
      if (!(error instanceof InvalidPeriod)) throw error;
      return error.faults.map(({ pointer, detail }) => `${pointer}: ${detail}`);
    }
  };

  it('turns moments into UTC', () => {
    expect(checkPeriod({ from: '2026-05-01T00:00:00+02:00', until: '2026-05-02T00:00Z' })).toEqual({
      from: '2026-04-30T22:00:00.000Z',
      until: '2026-05-02T00:00:00.000Z',
    });
  });

  it.each([
    [
      'yesterday',
      '2026-05-02',
      [
        '/from: Expected a moment such as "2026-05-04T00:00:00Z"',
        '/until: Expected a moment such as "2026-05-04T00:00:00Z"',
      ],
    ],
    ['2026-05-02T00:00:00Z', '2026-05-02T00:00:00Z', ['/until: A period ends after it has begun']],
    ['2026-01-01T00:00:00Z', '2027-01-03T00:00:00Z', ['/until: A period has at most 366 days']],
    ['2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z', []],
  ])('%s to %s: %j', (from, until, faults) => {
    expect(faultsOf(from, until)).toEqual(faults);
  });
});
