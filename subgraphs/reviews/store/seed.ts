/**
 * About 6,000 reviews of the seeded books, generated from a fixed seed: enough to page through. Texts are put together
 * from general sentences (seed-texts.ts), readers are called `reader-001` to `reader-400`, and the moments lie between
 * fixed dates. They are no real people's opinions, and their ratings say nothing about the books.
 */
import type { Database } from '../../chassis/database.ts';
import { createSeededRandom, type SeededRandom } from '../../chassis/seeded-random.ts';
import { seedBooks } from '../../seed/books.ts';
import { writeReview, type Review } from '../domain/review.ts';
import { endings, middles, openings } from './seed-texts.ts';

const READERS = 400;
const FROM = Date.UTC(2019, 0, 1);
const TO = Date.UTC(2025, 11, 31);
const ROWS_PER_STATEMENT = 2_000;

/** Steps that reach every reader before they meet one again: they share no factor with their number. */
const STEPS = [1, 3, 7, 9, 11, 13, 17, 19, 21, 23];

/** Readers are rather kind. */
const RATINGS = [1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5] as const;

/** Fills empty reviews; where there are some, they stay as they are. */
export async function seedReviews(database: Database): Promise<void> {
  const [found] = await database.query('select 1 from reviews limit 1');
  if (found !== undefined) return;
  const reviews = buildReviews();
  await database.transaction(async (sql) => {
    for (let at = 0; at < reviews.length; at += ROWS_PER_STATEMENT) {
      const some = reviews.slice(at, at + ROWS_PER_STATEMENT);
      await sql.query(
        `insert into reviews (id, book_id, reader, rating, text, created_at, updated_at, version)
         select id, book_id, reader, rating, text, at::timestamptz, at::timestamptz, 1
           from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[])
             as seeded (id, book_id, reader, rating, text, at)
         on conflict do nothing`,
        [
          some.map(({ id }) => id),
          some.map(({ bookId }) => bookId),
          some.map(({ reader }) => reader),
          some.map(({ rating }) => rating),
          some.map(({ text }) => text),
          some.map(({ createdAt }) => createdAt.toISOString()),
        ],
      );
    }
  });
}

/** The same reviews every time. */
export function buildReviews(): Review[] {
  const random = createSeededRandom(4003);
  const reviews: Review[] = [];
  for (const { id: bookId } of seedBooks) {
    // One book in forty has no review yet, so that a page has to show that as well.
    const count = random.integer(1, 40) === 1 ? 0 : random.integer(4, 40);
    const [start, step] = [random.integer(0, READERS - 1), random.pick(STEPS)];
    for (let index = 0; index < count; index += 1) {
      const number = ((start + index * step) % READERS) + 1;
      const rating = random.pick(RATINGS);
      reviews.push(
        writeReview({
          id: `review-${String(reviews.length + 1).padStart(4, '0')}`,
          bookId,
          reader: `reader-${String(number).padStart(3, '0')}`,
          rating,
          text: buildText(random, rating),
          now: new Date(random.integer(FROM / 60_000, TO / 60_000) * 60_000),
        }),
      );
    }
  }
  return reviews;
}

const buildText = (random: SeededRandom, rating: keyof typeof openings): string =>
  [random.pick<string>(openings[rating]), random.pick<string>(middles[rating]), random.pick(endings)].join(' ');
