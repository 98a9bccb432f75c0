/**
 * Stock of the seeded books: 0 to 40 copies each, generated from a fixed seed. It stands for no real shop. A few books are
 * sold out, so that a page has to show that as well.
 */
import { createSeededRandom } from '../../chassis/seeded-random.ts';
import type { Database } from '../../chassis/database.ts';
import { seedBooks } from '../../seed/books.ts';

/** Fills an empty inventory; one that has stock stays as it is. */
export async function seedStock(database: Database): Promise<void> {
  const random = createSeededRandom(4004);
  await database.query(
    `insert into stock (book_id, on_hand)
     select * from unnest($1::text[], $2::int[]) where not exists (select 1 from stock)`,
    [seedBooks.map(({ id }) => id), seedBooks.map(() => random.integer(0, 40))],
  );
}
