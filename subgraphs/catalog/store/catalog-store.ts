/**
 * Books in SQL. A write names the version it is based on (compare and set): when somebody else was faster, the book is read
 * and judged again.
 */
import type { Database } from '../../chassis/database.ts';
import { chooseId, wishedId } from '../domain/book-id.ts';
import { DuplicateIsbn, type Book, type NewBook } from '../domain/book.ts';
import { searchKeyOf, sortKeyOf } from '../domain/title-key.ts';
import { buildWhere, orders, type BookFilter, type BookOrder } from './book-list.ts';

/** Where a book stands in a list: by what the list is sorted by, then by its id. */
export interface Place {
  readonly key: string | number;
  readonly id: string;
}

export interface PlacedBook {
  readonly book: Book;
  readonly place: Place;
}

interface BookRow {
  readonly id: string;
  readonly title: string;
  readonly year: number | null;
  readonly language: string | null;
  readonly genre: string | null;
  readonly isbn: string | null;
  readonly author_ids: readonly string[];
  readonly price: number;
  readonly version: number;
  readonly updated_at: Date;
}

export class CatalogStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(id: string): Promise<Book | undefined> {
    const [row] = await this.#database.query<BookRow>('select * from books where id = $1', [id]);
    return row === undefined ? undefined : toBook(row);
  }

  /** Up to `first + 1` books: the last one only tells that there are more. */
  async list(options: {
    readonly filter: BookFilter;
    readonly order: BookOrder;
    readonly first: number;
    readonly after: Place | undefined;
  }): Promise<{ readonly rows: readonly PlacedBook[]; readonly total: number }> {
    const { filter, order, first, after } = options;
    const { where, values } = buildWhere(filter);
    const { key, type, direction } = orders[order];
    const [atKey, atId, limit] = [1, 2, 3].map((step) => `$${values.length + step}`);
    const isAfter = `(${key}, id) ${direction === 'asc' ? '>' : '<'} (${atKey}::${type}, ${atId}::text)`;
    const rows = await this.#database.query<BookRow & { key: string | number }>(
      `select *, ${key} as key from books
        where ${where} and (${atId}::text is null or ${isAfter})
        order by ${key} ${direction}, id ${direction} limit ${limit}`,
      [...values, after?.key ?? null, after?.id ?? null, first + 1],
    );
    const [counted] = await this.#database.query<{ total: number }>(
      `select count(*)::int as total from books where ${where}`,
      values,
    );
    return {
      rows: rows.map((row) => ({ book: toBook(row), place: { key: row.key, id: row.id } })),
      total: counted!.total,
    };
  }

  /** Gives the book an id and keeps it. Throws DuplicateIsbn. */
  async add(book: NewBook): Promise<Book> {
    if (book.isbn !== null) await this.#checkIsbn(book.isbn);
    const wished = wishedId(book.title);
    const taken = await this.#database.query<{ id: string }>('select id from books where starts_with(id, $1::text)', [
      wished,
    ]);
    const added = { ...book, id: chooseId(wished, new Set(taken.map(({ id }) => id))) };
    // Nothing is written when another took the id or the ISBN between the statements: then look again.
    return (await this.#insert(added)) ? added : this.add(book);
  }

  /** Writes what `change` makes of a book; undefined when there is none. Throws what `change` throws, and DuplicateIsbn. */
  async change(id: string, change: (current: Book) => Book): Promise<Book | undefined> {
    const current = await this.find(id);
    if (current === undefined) return undefined;
    const changed = change(current);
    if (changed === current) return current;
    if (changed.isbn !== null && changed.isbn !== current.isbn) await this.#checkIsbn(changed.isbn);
    return (await this.#update(changed, current.version)) ? changed : this.change(id, change);
  }

  /** False when there is none. Throws what `check` throws. */
  async remove(id: string, check: (current: Book) => void): Promise<boolean> {
    const current = await this.find(id);
    if (current === undefined) return false;
    check(current);
    const gone = await this.#database.query('delete from books where id = $1 and version = $2 returning id', [
      id,
      current.version,
    ]);
    return gone.length > 0 || this.remove(id, check);
  }

  async #checkIsbn(isbn: string): Promise<void> {
    const [existing] = await this.#database.query<{ id: string }>('select id from books where isbn = $1', [isbn]);
    if (existing !== undefined) throw new DuplicateIsbn(existing.id);
  }

  async #insert(book: Book): Promise<boolean> {
    const rows = await this.#database.query(
      `insert into books (id, title, search_key, sort_key, year, language, genre, isbn, author_ids, price, updated_at, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text[], $10, $11, $12)
       on conflict do nothing returning id`,
      [book.id, ...columnsOf(book), book.version],
    );
    return rows.length > 0;
  }

  async #update(book: Book, basedOn: number): Promise<boolean> {
    try {
      const rows = await this.#database.query(
        `update books set title = $2, search_key = $3, sort_key = $4, year = $5, language = $6, genre = $7, isbn = $8,
                author_ids = $9::text[], price = $10, updated_at = $11, version = $12
          where id = $1 and version = $13 returning id`,
        [book.id, ...columnsOf(book), book.version, basedOn],
      );
      return rows.length > 0;
    } catch (error) {
      if (isTakenIsbn(error)) return false;
      throw error;
    }
  }
}

const columnsOf = (book: Omit<Book, 'id' | 'version'>): unknown[] => [
  book.title,
  searchKeyOf(book.title),
  sortKeyOf(book.title),
  book.year,
  book.language,
  book.genre,
  book.isbn,
  book.authorIds,
  book.price,
  book.updatedAt,
];

/** Another book was given the ISBN between two statements (unique_violation). */
const isTakenIsbn = (error: unknown): boolean => (error as { code?: unknown }).code === '23505';

const toBook = (row: BookRow): Book => ({
  id: row.id,
  title: row.title,
  year: row.year,
  language: row.language,
  genre: row.genre,
  isbn: row.isbn,
  authorIds: row.author_ids,
  price: row.price,
  version: row.version,
  updatedAt: row.updated_at,
});
