/** The table of the reviews. Its indexes serve the two ways it is read: a book's reviews and a reader's, newest first. */
import type { Migration } from '../../chassis/migrate.ts';

export const migrations: readonly Migration[] = [
  {
    id: '001-reviews',
    statements: [
      `create table reviews (
         id text primary key,
         book_id text not null,
         reader text not null,
         rating smallint not null check (rating between 1 and 5),
         text text not null,
         created_at timestamptz not null,
         updated_at timestamptz not null,
         version integer not null,
         constraint reviews_once unique (reader, book_id)
       )`,
      `create index reviews_of_book on reviews (book_id, created_at desc, id desc)`,
      `create index reviews_newest on reviews (created_at desc, id desc)`,
    ],
  },
];
