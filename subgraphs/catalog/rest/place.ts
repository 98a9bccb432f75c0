/** Cursors of book lists: the place of a book in one order. A cursor of one order is refused in another. */
import { decodeCursor, encodeCursor, invalidCursor } from '../../chassis/page.ts';
import { isBookId } from '../domain/book-id.ts';
import { orders, type BookOrder } from '../store/book-list.ts';
import type { Place } from '../store/catalog-store.ts';

export const writeCursor = (order: BookOrder, { key, id }: Place): string => encodeCursor(order, [key, id]);

/** The place a cursor stands for. Throws 400 when no book could have made it. */
export function readCursor(order: BookOrder, cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [key, id] = decodeCursor(cursor, order, 2);
  const isKey = orders[order].type === 'text' ? isSortKey : isNumber;
  if (!isKey(key) || typeof id !== 'string' || !isBookId(id)) throw invalidCursor();
  return { key, id };
}

// oxlint-disable-next-line no-control-regex -- no title has them, and no database takes the first
const isSortKey = (key: unknown): key is string => typeof key === 'string' && !/[\u0000-\u001f]/.test(key);

const isNumber = (key: unknown): key is number => Number.isInteger(key) && Math.abs(key as number) < 2 ** 31;
