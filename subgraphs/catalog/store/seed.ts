/**
 * The seeded books: real books, as subgraphs/seed/books.ts knows them, and prices from 4.90 to 39.90 euro that are generated
 * from a fixed seed and stand for no real shop. None has an ISBN: the numbers of their editions are not made up.
 */
import type { Database } from '../../chassis/database.ts';
import { createSeededRandom } from '../../chassis/seeded-random.ts';
import { seedBooks } from '../../seed/books.ts';
import { searchKeyOf, sortKeyOf } from '../domain/title-key.ts';

const WRITTEN_AT = '2026-01-01T00:00:00.000Z';

/** Fills an empty catalog; one that has books stays as it is. */
export async function seedCatalog(database: Database): Promise<void> {
  const random = createSeededRandom(4001);
  const books = seedBooks.map(({ id, title, year, language, genre, authorIds }) => ({
    id,
    title,
    search_key: searchKeyOf(title),
    sort_key: sortKeyOf(title),
    year,
    language,
    genre,
    author_ids: authorIds,
    price: random.integer(4, 39) * 100 + 90,
  }));
  await database.query(
    `insert into books (id, title, search_key, sort_key, year, language, genre, author_ids, price, version, updated_at)
     select id, title, search_key, sort_key, year, language, genre, author_ids, price, 1, $2::timestamptz
       from jsonb_to_recordset($1::jsonb) as seeded (id text, title text, search_key text, sort_key text, year int,
              language text, genre text, author_ids text[], price int)
      where not exists (select 1 from books)`,
    [JSON.stringify(books), WRITTEN_AT],
  );
}
