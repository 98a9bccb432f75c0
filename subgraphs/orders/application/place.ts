/** Cursors of order lists, for both faces: the moment and the id of an order, newest first. */
import { decodeCursor, encodeCursor, invalidCursor } from '../../chassis/page.ts';
import type { Order } from '../domain/order.ts';
import type { Place } from '../store/orders-store.ts';

const SCOPE = 'newest-orders';

export const cursorOf = ({ placedAt, id }: Order): string => encodeCursor(SCOPE, [placedAt, id]);

/** The place a cursor stands for. Throws a 400 problem when no order could have made it. */
export function readPlace(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [moment, id] = decodeCursor(cursor, SCOPE, 2);
  if (typeof moment !== 'string' || !/^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(moment)) throw invalidCursor();
  if (typeof id !== 'string' || !/^[A-Za-z0-9-]{1,64}$/.test(id)) throw invalidCursor();
  const placedAt = new Date(moment);
  if (Number.isNaN(placedAt.getTime())) throw invalidCursor();
  return { placedAt, id };
}
