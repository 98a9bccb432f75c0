/**
 * What was sold within a period: orders that are confirmed or shipped, by the day they were placed. An order that was taken
 * back or refused sold nothing, and one that is being placed may yet be either. Made order by order, so it takes as long as
 * there are orders: QUEUED -> RUNNING -> SUCCEEDED or FAILED.
 */
import type { InputFault } from './order-input.ts';
import type { Cents } from './money.ts';
import { totalOf, type Order } from './order.ts';

export interface Period {
  /** The first moment, in ISO 8601. */
  readonly from: string;
  /** The first moment after it. */
  readonly until: string;
}

export interface Sales {
  readonly orders: number;
  /** By currency: amounts of different ones cannot be added up. */
  readonly revenue: Readonly<Record<string, Cents>>;
  /** Copies by book. */
  readonly copies: Readonly<Record<string, number>>;
}

export type SalesReport = Period & { readonly id: string } & (
    | { readonly status: 'QUEUED' }
    | { readonly status: 'RUNNING'; readonly progress: number }
    | { readonly status: 'SUCCEEDED'; readonly sales: Sales }
    | { readonly status: 'FAILED' }
  );

/** A period that no report can be made of. */
export class InvalidPeriod extends Error {
  override readonly name = 'InvalidPeriod';
  readonly faults: readonly InputFault[];

  constructor(faults: readonly InputFault[]) {
    super('No report can be made of this period');
    this.faults = faults;
  }
}

const LONGEST_DAYS = 366;
const DAY_MS = 86_400_000;
const momentPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const isMoment = (text: string): boolean => momentPattern.test(text) && !Number.isNaN(Date.parse(text));

/** Throws InvalidPeriod. Moments come back in UTC. */
export function checkPeriod({ from, until }: Period): Period {
  const bad = Object.entries({ from, until }).filter(([, text]) => !isMoment(text));
  if (bad.length > 0) {
    const detail = 'Expected a moment such as "2026-05-04T00:00:00Z"';
    throw new InvalidPeriod(bad.map(([name]) => ({ pointer: `/${name}`, detail })));
  }
  const lengthMs = Date.parse(until) - Date.parse(from);
  if (lengthMs <= 0) throw new InvalidPeriod([{ pointer: '/until', detail: 'A period ends after it has begun' }]);
  if (lengthMs > LONGEST_DAYS * DAY_MS) {
    throw new InvalidPeriod([{ pointer: '/until', detail: `A period has at most ${LONGEST_DAYS} days` }]);
  }
  return { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
}

export const noSales: Sales = { orders: 0, revenue: {}, copies: {} };

/** The sales with some orders more; those that sold nothing change nothing. */
export function addOrders(sales: Sales, orders: readonly Order[]): Sales {
  const sold = orders.filter(({ status }) => status === 'CONFIRMED' || status === 'SHIPPED');
  const revenue = new Map(Object.entries(sales.revenue));
  const copies = new Map(Object.entries(sales.copies));
  for (const order of sold) {
    revenue.set(order.currency, (revenue.get(order.currency) ?? 0) + totalOf(order));
    for (const { bookId, quantity } of order.lines) copies.set(bookId, (copies.get(bookId) ?? 0) + quantity);
  }
  return {
    orders: sales.orders + sold.length,
    revenue: Object.fromEntries(revenue),
    copies: Object.fromEntries(copies),
  };
}

const BEST_SELLERS = 100;

/** Books by copies sold, most first; as many as anybody reads. */
export const bestSellers = ({ copies }: Sales): { readonly bookId: string; readonly copies: number }[] =>
  Object.entries(copies)
    .map(([bookId, count]) => ({ bookId, copies: count }))
    .sort((a, b) => b.copies - a.copies || (a.bookId < b.bookId ? -1 : 1))
    .slice(0, BEST_SELLERS);

/** Percent. */
export function progressOf(report: SalesReport): number {
  switch (report.status) {
    case 'QUEUED':
      return 0;
    case 'RUNNING':
      return report.progress;
    case 'SUCCEEDED':
    case 'FAILED':
      return 100;
  }
}
