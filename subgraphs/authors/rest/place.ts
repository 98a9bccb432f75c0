/** Cursors of author lists: the sort key of an author and the id. */
import { decodeCursor, encodeCursor, invalidCursor } from '../../chassis/page.ts';
import type { Author } from '../domain/author.ts';
import { sortKeyOf } from '../domain/name.ts';
import type { Place } from '../store/authors-store.ts';

const SCOPE = 'name';

export function cursorOf(author: Author): string {
  const { last, first } = sortKeyOf(author);
  return encodeCursor(SCOPE, [last, first, author.id]);
}

/** The place a cursor stands for. Throws 400 when no author could have made it. */
export function readPlace(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [last, first, id] = decodeCursor(cursor, SCOPE, 3).map(readText);
  return { last: last!, first: first!, id: id! };
}

function readText(value: unknown): string {
  if (typeof value !== 'string' || /[\p{Cc}\p{Cs}]/u.test(value)) throw invalidCursor();
  return value;
}
