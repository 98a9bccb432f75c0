/**
 * The Order aggregate: OPEN -> CONFIRMED -> SHIPPED, CONFIRMED -> CANCELLED, OPEN -> REFUSED. Each state carries what only
 * it has, and each step is a function that refuses the states it does not start from. Moments are ISO 8601 texts, so that
 * an order is plain JSON and a stored answer stays word for word what it was.
 */
import { formatAmount, type Cents } from './money.ts';

export interface OrderLine {
  readonly bookId: string;
  readonly quantity: number;
  /** Price of one copy when the order was placed. */
  readonly unitPrice: Cents;
}

/** Why an order could not be confirmed. */
export type Refusal =
  | { readonly reason: 'out-of-stock'; readonly bookId: string; readonly available: number }
  | { readonly reason: 'authorization-refused'; readonly reasons: readonly string[] }
  /** A service could not be reached, or the placing broke off: nothing the customer did. */
  | { readonly reason: 'service-unavailable' }
  | { readonly reason: 'interrupted' };

export interface OrderFacts {
  readonly id: string;
  readonly customer: string;
  /** 1 to 50, each book once. */
  readonly lines: readonly OrderLine[];
  /** ISO 4217, the same for all lines. */
  readonly currency: string;
  readonly placedAt: string;
  /** Changes with every step. */
  readonly version: number;
  /** The authorization asked for; null before that. */
  readonly authorizationId: string | null;
}

export type OpenOrder = OrderFacts & { readonly status: 'OPEN' };
export type Order =
  | OpenOrder
  | (OrderFacts & { readonly status: 'CONFIRMED' })
  | (OrderFacts & { readonly status: 'SHIPPED'; readonly shippedAt: string })
  | (OrderFacts & { readonly status: 'CANCELLED'; readonly cancelledAt: string })
  | (OrderFacts & { readonly status: 'REFUSED'; readonly refusal: Refusal });

export type OrderStatus = Order['status'];
export type OrderAction = 'CANCEL' | 'SHIP';

/** The state of an order does not allow a step. */
export class StepNotAllowed extends Error {
  override readonly name = 'StepNotAllowed';
  readonly step: 'cancel' | 'ship';
  readonly status: OrderStatus;

  constructor(step: 'cancel' | 'ship', status: OrderStatus) {
    super(`An order that is ${status} cannot be ${step === 'ship' ? 'shipped' : 'cancelled'}`);
    this.step = step;
    this.status = status;
  }
}

/** A new order, with the prices of now. */
export const openOrder = (facts: Omit<OrderFacts, 'version' | 'authorizationId'>): OpenOrder => ({
  ...facts,
  version: 1,
  authorizationId: null,
  status: 'OPEN',
});

/** The amount was authorized; what is left is to take the copies. */
export const authorizeOrder = (order: OpenOrder, authorizationId: string): OpenOrder => ({
  ...order,
  authorizationId,
  version: order.version + 1,
});

/** Stock is taken and the amount is authorized. */
export function confirmOrder(order: OpenOrder): Order {
  if (order.authorizationId === null) throw new RangeError(`Order "${order.id}" has no authorization`);
  return { ...order, status: 'CONFIRMED', version: order.version + 1 };
}

/** It could not be confirmed. */
export const refuseOrder = (order: OpenOrder, refusal: Refusal): Order => ({
  ...order,
  status: 'REFUSED',
  refusal,
  version: order.version + 1,
});

/** Takes a confirmed order back; one that is cancelled already stays as it is. */
export function cancelOrder(order: Order, now: Date): Order {
  switch (order.status) {
    case 'CONFIRMED':
      return { ...order, status: 'CANCELLED', cancelledAt: now.toISOString(), version: order.version + 1 };
    case 'CANCELLED':
      return order;
    case 'OPEN':
    case 'SHIPPED':
    case 'REFUSED':
      throw new StepNotAllowed('cancel', order.status);
  }
}

/** Hands a confirmed order over; one that is shipped already stays as it is. */
export function shipOrder(order: Order, now: Date): Order {
  switch (order.status) {
    case 'CONFIRMED':
      return { ...order, status: 'SHIPPED', shippedAt: now.toISOString(), version: order.version + 1 };
    case 'SHIPPED':
      return order;
    case 'OPEN':
    case 'CANCELLED':
    case 'REFUSED':
      throw new StepNotAllowed('ship', order.status);
  }
}

/** What may be done with the order now. */
export const actionsOf = (order: Order): readonly OrderAction[] =>
  order.status === 'CONFIRMED' ? ['CANCEL', 'SHIP'] : [];

/** Exact: at most 50 lines of 100 copies stay far below the largest whole number. */
export const totalOf = (order: Pick<OrderFacts, 'lines'>): Cents =>
  order.lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);

/** A sentence for the customer. */
export function describeRefusal(refusal: Refusal): string {
  switch (refusal.reason) {
    case 'out-of-stock':
      return `${refusal.available === 0 ? 'No copy' : `Only ${refusal.available}`} of "${refusal.bookId}" can be had`;
    case 'authorization-refused':
      return 'The amount was not authorized';
    case 'service-unavailable':
      return 'A service that is needed to place an order could not be reached; nothing was ordered';
    case 'interrupted':
      return 'Placing the order was interrupted; nothing was ordered';
  }
}

export const formatTotal = (order: Pick<OrderFacts, 'lines'>): string => formatAmount(totalOf(order));
