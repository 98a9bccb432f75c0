import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase, type Database, type Storage } from '../../../../subgraphs/chassis/database.ts';
import { migrate } from '../../../../subgraphs/chassis/migrate.ts';
import { writeReview, type Review } from '../../../../subgraphs/reviews/domain/review.ts';
import { migrations } from '../../../../subgraphs/reviews/store/migrations.ts';
import { ReviewsStore } from '../../../../subgraphs/reviews/store/reviews-store.ts';
import { buildReviews, seedReviews } from '../../../../subgraphs/reviews/store/seed.ts';
import { createOwnDatabase, hasPostgres, noPostgres } from '../../postgres.ts';

describe('ReviewsStore on PGlite', () => {
  storeTests(async () => ({ storage: { kind: 'ephemeral' }, drop: async () => {} }));
});

const isPostgresThere = await hasPostgres();
describe.skipIf(!isPostgresThere)(`ReviewsStore on PostgreSQL${isPostgresThere ? '' : ` (${noPostgres})`}`, () => {
  storeTests(async () => {
    const own = await createOwnDatabase();
    return { storage: { kind: 'postgres', url: own.url }, drop: () => own.drop() };
  });
});

describe('buildReviews', () => {
  const reviews = buildReviews();

  test('gives thousands, the same every time, each reader once a book', () => {
    expect(reviews.length).toBeGreaterThan(5_000);
    expect(reviews.length).toBeLessThan(7_500);
    expect(buildReviews()).toEqual(reviews);
    expect(new Set(reviews.map(({ reader, bookId }) => `${reader} ${bookId}`)).size).toBe(reviews.length);
    expect(new Set(reviews.map(({ id }) => id)).size).toBe(reviews.length);
  });

  test('names readers that nobody is, within fixed dates', () => {
    expect(reviews.every(({ reader }) => /^reader-\d{3}$/.test(reader))).toBe(true);
    const moments = reviews.map(({ createdAt }) => createdAt.toISOString());
    expect(moments.every((moment) => moment >= '2019-01-01' && moment <= '2026-01-01')).toBe(true);
  });
});

function storeTests(make: () => Promise<{ readonly storage: Storage; readonly drop: () => Promise<void> }>): void {
  let database: Database;
  let store: ReviewsStore;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const made = await make();
    drop = made.drop;
    database = await openDatabase('reviews', made.storage);
    await migrate(database, migrations);
    store = new ReviewsStore(database);
  });

  afterAll(async () => {
    await database.close();
    await drop();
  });

  beforeEach(async () => {
    await database.query('delete from reviews');
  });

  /** The higher the number, the later it was written. */
  const add = async (bookId: string, number: number, rating = 3): Promise<Review> => {
    const id = `${bookId}-${number}`;
    const now = new Date(Date.UTC(2026, 0, 1) + number * 1000);
    const review = writeReview({ id, bookId, reader: `reader-${number}`, rating, text: 'Worth the time.', now });
    expect(await store.add(review)).toBeUndefined();
    return review;
  };
  const idsOf = (reviews: readonly Review[]): string[] => reviews.map(({ id }) => id);

  test('add gives the id of the review a reader has written about the book before', async () => {
    const first = await add('emma', 1);
    expect(await store.add({ ...first, id: 'second' })).toBe('emma-1');
    expect(await store.find('second')).toBeUndefined();
  });

  test('the same reader and book at once: one is written, the others learn its id', async () => {
    const first = await add('faust', 1);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => store.add({ ...first, bookId: 'emma', id: `try-${index}` })),
    );
    const [written] = await database.query<{ id: string }>(`select id from reviews where book_id = 'emma'`);
    expect(answers.filter((id) => id === undefined)).toHaveLength(1);
    expect(answers.filter((id) => id === written!.id)).toHaveLength(9);
  });

  test('two changes at once are made one after the other, and none is lost', async () => {
    await add('emma', 1);
    await Promise.all(
      Array.from({ length: 10 }, () =>
        store.change('emma-1', (now) => ({ ...now, text: `${now.text}+`, version: now.version + 1 })),
      ),
    );
    expect(await store.find('emma-1')).toMatchObject({ version: 11, text: `Worth the time.${'+'.repeat(10)}` });
  });

  test('list pages through all reviews, newest first, and none twice, though new ones come in', async () => {
    for (let number = 1; number <= 7; number += 1) await add('emma', number);
    const seen: string[] = [];
    let after: Review | undefined;
    for (;;) {
      const { rows, total } = await store.list({ bookId: 'emma' }, 3, after);
      seen.push(...idsOf(rows.slice(0, 3)));
      if (after === undefined) expect(total).toBe(7);
      if (rows.length <= 3) break;
      after = rows[2];
      await add('emma', 100 + seen.length);
    }
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1].map((number) => `emma-${number}`));
  });

  test('list filters by reader', async () => {
    await add('emma', 1);
    await add('faust', 1);
    await add('faust', 2);
    const { rows, total } = await store.list({ reader: 'reader-1' }, 10, undefined);
    expect([idsOf(rows), total]).toEqual([['faust-1', 'emma-1'], 2]);
  });

  test('listOfBooks gives each book its newest reviews and its rating, in the order asked, by two statements', async () => {
    for (let number = 1; number <= 4; number += 1) await add('emma', number, number);
    await add('faust', 9, 5);
    let statements = 0;
    const counting: Database = {
      ...database,
      query: (text, values) => {
        statements += 1;
        return database.query(text, values);
      },
    };
    const books = await new ReviewsStore(counting).listOfBooks(['faust', 'none', 'emma', 'faust'], 2, undefined);
    expect(books.map(({ bookId, rating, rows, total }) => [bookId, rating, idsOf(rows), total])).toEqual([
      ['faust', { average: 5, count: 1 }, ['faust-9'], 1],
      ['none', { average: null, count: 0 }, [], 0],
      ['emma', { average: 2.5, count: 4 }, ['emma-4', 'emma-3', 'emma-2'], 4],
      ['faust', { average: 5, count: 1 }, ['faust-9'], 1],
    ]);
    expect(statements).toBe(2);
  });

  test('listOfBooks goes on from a place', async () => {
    const reviews: Review[] = [];
    for (let number = 1; number <= 4; number += 1) reviews.push(await add('emma', number));
    const [emma] = await store.listOfBooks(['emma'], 5, reviews[2]);
    expect([idsOf(emma!.rows), emma!.total]).toEqual([['emma-2', 'emma-1'], 4]);
  });

  test('seedReviews fills empty reviews once', async () => {
    await seedReviews(database);
    await seedReviews(database);
    const { total } = await store.list({}, 0, undefined);
    expect(total).toBe(buildReviews().length);
    const [seeded] = buildReviews();
    expect(await store.find(seeded!.id)).toEqual(seeded);
  });
}
