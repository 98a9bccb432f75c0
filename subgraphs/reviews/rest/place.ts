/** Cursors of review lists: the moment and the id of a review, newest first. */
import { decodeCursor, encodeCursor, invalidCursor } from '../../chassis/page.ts';
import type { Review } from '../domain/review.ts';
import type { Place } from '../store/reviews-store.ts';

const SCOPE = 'newest';

export const cursorOf = ({ createdAt, id }: Review): string => encodeCursor(SCOPE, [createdAt.toISOString(), id]);

/** The place a cursor stands for. Throws 400 when no review could have made it. */
export function readPlace(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [moment, id] = decodeCursor(cursor, SCOPE, 2);
  if (typeof moment !== 'string' || !/^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(moment)) throw invalidCursor();
  if (typeof id !== 'string' || !/^[A-Za-z0-9-]{1,64}$/.test(id)) throw invalidCursor();
  const createdAt = new Date(moment);
  if (Number.isNaN(createdAt.getTime())) throw invalidCursor();
  return { createdAt, id };
}
