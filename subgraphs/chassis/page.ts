/**
 * Paging by key (not by offset): a cursor names the last row seen by the values it was sorted by, so that rows added or
 * removed meanwhile neither repeat nor vanish. Links follow RFC 8288.
 */
import { ProblemError } from './problem.ts';

export interface Page {
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  readonly start: string | null;
  readonly end: string | null;
}

export interface PagedList<Item> {
  readonly items: readonly Item[];
  readonly page: Page;
  readonly total: number;
}

export type CursorValue = string | number | null;

/** `scope` names the sort order: a cursor of one order is refused in another. */
export const encodeCursor = (scope: string, values: readonly CursorValue[]): string =>
  Buffer.from(JSON.stringify([scope, ...values])).toString('base64url');

/** The values of a cursor, or a 400 problem when it was not made for this list. */
export function decodeCursor(cursor: string, scope: string, length: number): CursorValue[] {
  const values = parseCursor(cursor);
  if (values === undefined || values[0] !== scope || values.length !== length + 1) throw invalidCursor();
  return values.slice(1);
}

function parseCursor(cursor: string): CursorValue[] | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isCursor =
      Array.isArray(values) && values.every((v) => v === null || ['string', 'number'].includes(typeof v));
    return isCursor ? (values as CursorValue[]) : undefined;
  } catch {
    return undefined;
  }
}

/** For values that no cursor of the list could hold. */
export const invalidCursor = (): ProblemError =>
  new ProblemError(400, 'invalid-cursor', 'Invalid cursor', {
    detail: 'The cursor was not made for this list',
    errors: [{ parameter: 'after', detail: 'Take it from page.end of the answer before' }],
  });

/** Makes a page of `first` items out of up to `first + 1` rows. */
export function buildPage<Row, Item>(options: {
  readonly rows: readonly Row[];
  readonly first: number;
  readonly after: string | undefined;
  readonly total: number;
  readonly cursorOf: (row: Row) => string;
  readonly itemOf: (row: Row) => Item;
}): PagedList<Item> {
  const { rows, first, after, total, cursorOf, itemOf } = options;
  const shown = rows.slice(0, first);
  const [start, end] = [shown[0], shown.at(-1)];
  return {
    items: shown.map(itemOf),
    page: {
      hasNext: rows.length > first,
      hasPrevious: after !== undefined,
      start: start === undefined ? null : cursorOf(start),
      end: end === undefined ? null : cursorOf(end),
    },
    total,
  };
}

/** The Link header of a list: first, and next when there is more. `path` and `query` are those of the request. */
export function pageLinks(path: string, query: Readonly<Record<string, unknown>>, page: Page): string {
  const target = (after: string | null): string => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (name !== 'after' && value !== undefined)
        parameters.set(name, Array.isArray(value) ? value.join(',') : String(value as string | number | boolean));
    }
    if (after !== null) parameters.set('after', after);
    const text = parameters.toString();
    return text === '' ? path : `${path}?${text}`;
  };
  const links = [`<${target(null)}>; rel="first"`];
  // A page of no items (first=0) has no end to go on from.
  if (page.hasNext && page.end !== null) links.push(`<${target(page.end)}>; rel="next"`);
  return links.join(', ');
}
