/**
 * The table of the books. What lists are sorted and searched by is compared byte by byte (collation "C"): the order is the
 * same in every database, whatever the language of its machine.
 */
import type { Migration } from '../../chassis/migrate.ts';

export const migrations: readonly Migration[] = [
  {
    id: '001-books',
    statements: [
      `create table books (
         id text collate "C" primary key,
         title text not null,
         search_key text not null,
         sort_key text collate "C" not null,
         year integer,
         language text,
         genre text,
         isbn text constraint books_isbn unique,
         author_ids text[] not null,
         price integer not null check (price between 0 and 9999999),
         version integer not null,
         updated_at timestamptz not null
       )`,
      `create index books_by_title on books (sort_key, id)`,
      `create index books_by_price on books (price, id)`,
      `create index books_by_year on books (year, id)`,
      `create index books_of_author on books using gin (author_ids)`,
    ],
  },
];
