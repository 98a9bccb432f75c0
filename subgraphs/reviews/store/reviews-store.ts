/** Reviews in SQL. Lists are read newest first, from a place on: the moment and the id of the last review seen. */
import type { Database, Sql } from '../../chassis/database.ts';
import { noRating, rate, type Rating } from '../domain/rating.ts';
import type { Review } from '../domain/review.ts';

export interface Place {
  readonly createdAt: Date;
  readonly id: string;
}

export interface ReviewFilter {
  readonly bookId?: string;
  readonly reader?: string;
}

/** Up to `first + 1` reviews: the last one only tells that there are more. */
export interface ReviewRows {
  readonly rows: readonly Review[];
  readonly total: number;
}

export interface BookReviews extends ReviewRows {
  readonly bookId: string;
  readonly rating: Rating;
}

interface ReviewRow {
  readonly id: string;
  readonly book_id: string;
  readonly reader: string;
  readonly rating: number;
  readonly text: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly version: number;
}

export class ReviewsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Gives undefined when it is there now, or the id of the review this reader has written about this book before. */
  async add(review: Review): Promise<string | undefined> {
    const { id, bookId, reader, rating, text, createdAt, updatedAt, version } = review;
    const rows = await this.#database.query(
      `insert into reviews (id, book_id, reader, rating, text, created_at, updated_at, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict on constraint reviews_once do nothing returning id`,
      [id, bookId, reader, rating, text, createdAt, updatedAt, version],
    );
    if (rows.length > 0) return undefined;
    const [existing] = await this.#database.query<{ id: string }>(
      'select id from reviews where reader = $1 and book_id = $2',
      [reader, bookId],
    );
    // Deleted between the two statements: there is room again.
    return existing?.id ?? this.add(review);
  }

  find(id: string): Promise<Review | undefined> {
    return selectReview(this.#database, id, '');
  }

  /** Writes what `change` makes of a review; undefined when there is none. */
  change(id: string, change: (current: Review) => Review): Promise<Review | undefined> {
    return this.#database.transaction(async (sql) => {
      const current = await selectReview(sql, id, 'for update');
      if (current === undefined) return undefined;
      const { rating, text, updatedAt, version } = change(current);
      if (version !== current.version) {
        await sql.query('update reviews set rating = $2, text = $3, updated_at = $4, version = $5 where id = $1', [
          id,
          rating,
          text,
          updatedAt,
          version,
        ]);
      }
      return { ...current, rating, text, updatedAt, version };
    });
  }

  /** Deletes a review unless `check` throws; false when there is none. */
  remove(id: string, check: (current: Review) => void): Promise<boolean> {
    return this.#database.transaction(async (sql) => {
      const current = await selectReview(sql, id, 'for update');
      if (current === undefined) return false;
      check(current);
      await sql.query('delete from reviews where id = $1', [id]);
      return true;
    });
  }

  async list(filter: ReviewFilter, first: number, after: Place | undefined): Promise<ReviewRows> {
    const where = '($1::text is null or book_id = $1) and ($2::text is null or reader = $2)';
    const values = [filter.bookId ?? null, filter.reader ?? null];
    const rows = await this.#database.query<ReviewRow>(
      `select * from reviews
        where ${where} and ($3::timestamptz is null or (created_at, id) < ($3, $4::text))
        order by created_at desc, id desc limit $5`,
      [...values, after?.createdAt ?? null, after?.id ?? null, first + 1],
    );
    const [counted] = await this.#database.query<{ total: number }>(
      `select count(*)::int as total from reviews where ${where}`,
      values,
    );
    return { rows: rows.map(toReview), total: counted!.total };
  }

  /** Reviews and rating of each book, in the order asked. Two statements, however many books. */
  async listOfBooks(bookIds: readonly string[], first: number, after: Place | undefined): Promise<BookReviews[]> {
    const rows = await this.#database.query<ReviewRow>(
      `select review.* from unnest($1::text[]) as asked (book_id)
        cross join lateral (
          select * from reviews
           where book_id = asked.book_id and ($2::timestamptz is null or (created_at, id) < ($2, $3::text))
           order by created_at desc, id desc limit $4
        ) as review
        order by review.created_at desc, review.id desc`,
      [[...new Set(bookIds)], after?.createdAt ?? null, after?.id ?? null, first + 1],
    );
    const counted = await this.#database.query<{ book_id: string; sum: number; count: number }>(
      `select book_id, sum(rating)::int as sum, count(*)::int as count
         from reviews where book_id = any($1::text[]) group by book_id`,
      [bookIds],
    );
    const ratings = new Map(counted.map((row) => [row.book_id, rate(row.sum, row.count)]));
    const reviews = groupByBook(rows.map(toReview));
    return bookIds.map((bookId) => {
      const rating = ratings.get(bookId) ?? noRating;
      return { bookId, rating, rows: reviews.get(bookId) ?? [], total: rating.count };
    });
  }
}

function groupByBook(reviews: readonly Review[]): Map<string, Review[]> {
  const groups = new Map<string, Review[]>();
  for (const review of reviews) {
    const group = groups.get(review.bookId);
    if (group === undefined) groups.set(review.bookId, [review]);
    else group.push(review);
  }
  return groups;
}

async function selectReview(sql: Sql, id: string, lock: '' | 'for update'): Promise<Review | undefined> {
  const [row] = await sql.query<ReviewRow>(`select * from reviews where id = $1 ${lock}`, [id]);
  return row === undefined ? undefined : toReview(row);
}

const toReview = (row: ReviewRow): Review => ({
  id: row.id,
  bookId: row.book_id,
  reader: row.reader,
  rating: row.rating,
  text: row.text,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
});
