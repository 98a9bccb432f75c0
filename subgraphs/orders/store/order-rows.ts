/** Orders to rows and back. */
import { totalOf, type Order, type OrderLine, type Refusal } from '../domain/order.ts';

/** What still has to be done at another service. */
export type Step = 'reserve' | 'commit' | 'release';

export interface OrderRow {
  readonly id: string;
  readonly customer: string;
  readonly status: Order['status'];
  readonly lines: readonly OrderLine[];
  readonly currency: string;
  readonly placed_at: Date;
  readonly ended_at: Date | null;
  readonly refusal: Refusal | null;
  readonly authorization_id: string | null;
  readonly version: number;
  readonly step: Step | null;
}

export function toOrder(row: OrderRow): Order {
  const facts = {
    id: row.id,
    customer: row.customer,
    lines: row.lines.map(({ bookId, quantity, unitPrice }) => ({ bookId, quantity, unitPrice })),
    currency: row.currency,
    placedAt: row.placed_at.toISOString(),
    version: row.version,
    authorizationId: row.authorization_id,
  };
  switch (row.status) {
    case 'OPEN':
    case 'CONFIRMED':
      return { ...facts, status: row.status };
    case 'SHIPPED':
      return { ...facts, status: row.status, shippedAt: row.ended_at!.toISOString() };
    case 'CANCELLED':
      return { ...facts, status: row.status, cancelledAt: row.ended_at!.toISOString() };
    case 'REFUSED':
      return { ...facts, status: row.status, refusal: row.refusal! };
  }
}

/** Values for the columns that never change, in the order of `insertedColumns`. */
export const insertedColumns = 'id, customer, lines, currency, total_cents, placed_at';
export const insertedValues = (order: Order): unknown[] => [
  order.id,
  order.customer,
  JSON.stringify(order.lines),
  order.currency,
  totalOf(order),
  order.placedAt,
];

/** Values for the columns that change with each step: status, version, ended_at, refusal, authorization_id. */
export const changedValues = (order: Order): unknown[] => [
  order.status,
  order.version,
  order.status === 'SHIPPED' ? order.shippedAt : order.status === 'CANCELLED' ? order.cancelledAt : null,
  order.status === 'REFUSED' ? JSON.stringify(order.refusal) : null,
  order.authorizationId,
];
