/** What a list of books is narrowed and sorted by, in SQL. One entry a condition, one an order. */
import { slugify } from '../../chassis/text.ts';
import { isBookId } from '../domain/book-id.ts';
import { stripHyphens } from '../domain/isbn.ts';
import { searchKeyOf } from '../domain/title-key.ts';

/** All given conditions must hold. */
export interface BookFilter {
  /** A part of the title, case and accents ignored. */
  readonly title?: string;
  /** A part of an author's id, or of the name it is made from. */
  readonly author?: string;
  readonly authorId?: string;
  readonly genre?: string;
  readonly language?: string;
  readonly year?: number;
  readonly yearFrom?: number;
  readonly yearTo?: number;
  readonly isbn?: readonly string[];
  readonly ids?: readonly string[];
}

export type BookOrder = 'title' | '-title' | 'year' | '-year' | 'price' | '-price';

interface Condition {
  readonly sql: (parameter: string) => string;
  readonly read?: (value: never) => unknown;
}

const conditions: { readonly [Name in keyof BookFilter]-?: Condition } = {
  title: { sql: (text) => `position(${text}::text in search_key) > 0`, read: searchKeyOf },
  author: {
    sql: (text) => `exists (select 1 from unnest(author_ids) as author where position(${text}::text in author) > 0)`,
    read: (text: string) => slugify(text) || text,
  },
  authorId: { sql: (id) => `author_ids @> array[${id}::text]` },
  genre: { sql: (genre) => `genre = ${genre}::text` },
  language: { sql: (language) => `language = ${language}::text` },
  year: { sql: (year) => `year = ${year}::int` },
  yearFrom: { sql: (year) => `year >= ${year}::int` },
  yearTo: { sql: (year) => `year <= ${year}::int` },
  isbn: {
    sql: (isbns) => `isbn = any(${isbns}::text[])`,
    read: (isbns: readonly string[]) => isbns.map(stripHyphens),
  },
  ids: {
    sql: (ids) => `id = any(${ids}::text[])`,
    read: (ids: readonly string[]) => ids.filter(isBookId),
  },
};

/** The condition of a `where`, and its values from $1 on. */
export function buildWhere(filter: BookFilter): { readonly where: string; readonly values: readonly unknown[] } {
  const names = (Object.keys(conditions) as (keyof BookFilter)[]).filter((name) => filter[name] !== undefined);
  const parts = names.map((name, index) => conditions[name].sql(`$${index + 1}`));
  return {
    where: parts.length === 0 ? 'true' : parts.join(' and '),
    values: names.map((name) => conditions[name].read?.(filter[name] as never) ?? filter[name]),
  };
}

interface Order {
  readonly key: string;
  readonly type: 'text' | 'int';
  readonly direction: 'asc' | 'desc';
}

/** Books without a year come last in both directions. */
export const orders: Readonly<Record<BookOrder, Order>> = {
  title: { key: 'sort_key', type: 'text', direction: 'asc' },
  '-title': { key: 'sort_key', type: 'text', direction: 'desc' },
  year: { key: 'coalesce(year, 32767)', type: 'int', direction: 'asc' },
  '-year': { key: 'coalesce(year, -32768)', type: 'int', direction: 'desc' },
  price: { key: 'price', type: 'int', direction: 'asc' },
  '-price': { key: 'price', type: 'int', direction: 'desc' },
};
