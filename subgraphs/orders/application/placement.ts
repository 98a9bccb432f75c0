/** What comes of placing an order. Plain JSON: it is kept under the idempotency key and answered again word for word. */
import type { Order, Refusal } from '../domain/order.ts';

export type Placement =
  | { readonly kind: 'placed'; readonly order: Order }
  | {
      readonly kind: 'refused';
      readonly refusal: PlacementRefusal;
      /** Null when it was refused before there was an order. */
      readonly orderId: string | null;
    };

/** Refusals that are answers: the customer can do something about them. */
export type PlacementRefusal =
  | Extract<Refusal, { reason: 'out-of-stock' | 'authorization-refused' }>
  | { readonly reason: 'unknown-book'; readonly bookId: string; readonly line: number };

/** The placing broke off and was undone; it may be tried again. */
export class PlacingInterrupted extends Error {
  override readonly name = 'PlacingInterrupted';
}

/** What an order that has left the state OPEN says about how placing it went; undefined when it may be tried again. */
export function placementOf(order: Order): Placement | undefined {
  switch (order.status) {
    case 'OPEN':
      return undefined;
    case 'CONFIRMED':
    case 'SHIPPED':
    case 'CANCELLED':
      return { kind: 'placed', order };
    case 'REFUSED': {
      const { refusal } = order;
      const isFinal = refusal.reason === 'out-of-stock' || refusal.reason === 'authorization-refused';
      return isFinal ? { kind: 'refused', refusal, orderId: order.id } : undefined;
    }
  }
}
