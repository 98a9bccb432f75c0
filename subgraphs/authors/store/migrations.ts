/**
 * The table of the authors. What is searched and sorted by is computed by the domain, so that neither depends on the
 * extensions and the locale of a database; hence the collation "C", which compares code points everywhere.
 */
import type { Migration } from '../../chassis/migrate.ts';

export const migrations: readonly Migration[] = [
  {
    id: '001-authors',
    statements: [
      `create table authors (
         id text collate "C" primary key,
         first_name text,
         last_name text not null,
         birth_year integer,
         death_year integer,
         version integer not null,
         search_name text not null,
         sort_last text collate "C" not null,
         sort_first text collate "C" not null
       )`,
      `create index authors_by_name on authors (sort_last, sort_first, id)`,
    ],
  },
];
