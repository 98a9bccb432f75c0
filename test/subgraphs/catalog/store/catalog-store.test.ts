import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  changeBook,
  DuplicateIsbn,
  writeBook,
  type Book,
  type BookInput,
} from '../../../../subgraphs/catalog/domain/book.ts';
import { sortKeyOf } from '../../../../subgraphs/catalog/domain/title-key.ts';
import type { BookFilter, BookOrder } from '../../../../subgraphs/catalog/store/book-list.ts';
import { CatalogStore, type Place } from '../../../../subgraphs/catalog/store/catalog-store.ts';
import { migrations } from '../../../../subgraphs/catalog/store/migrations.ts';
import { openDatabase, type Database, type Storage } from '../../../../subgraphs/chassis/database.ts';
import { migrate } from '../../../../subgraphs/chassis/migrate.ts';
import { createOwnDatabase, hasPostgres, noPostgres } from '../../postgres.ts';

const now = new Date('2026-01-01T00:00:00Z');
const isbn = '9780306406157';

describe('CatalogStore on PGlite', () => {
  storeTests(async () => ({ storage: { kind: 'ephemeral' }, drop: async () => {} }), 20);
});

const isPostgresThere = await hasPostgres();
describe.skipIf(!isPostgresThere)(`CatalogStore on PostgreSQL${isPostgresThere ? '' : ` (${noPostgres})`}`, () => {
  storeTests(async () => {
    const own = await createOwnDatabase();
    return { storage: { kind: 'postgres', url: own.url }, drop: () => own.drop() };
  }, 10);
});

const inputOf = (title: string, more: Partial<BookInput> = {}): BookInput => ({
  title,
  year: null,
  language: null,
  genre: null,
  isbn: null,
  authorIds: ['jane-austen'],
  price: '10.00',
  ...more,
});

/** What a list is sorted by, without a database; text is compared byte by byte. */
const keysOf: Readonly<Record<string, (book: Book) => number | string>> = {
  title: ({ title }) => sortKeyOf(title),
  year: ({ year }) => year ?? 32_767,
  '-year': ({ year }) => year ?? -32_768,
  price: ({ price }) => price,
};

const compare = (a: number | string, b: number | string): number =>
  typeof a === 'number' ? a - Number(b) : Buffer.compare(Buffer.from(a), Buffer.from(String(b)));

function sortBooks(books: readonly Book[], order: BookOrder): string[] {
  const keyOf = keysOf[order] ?? keysOf[order.slice(1)]!;
  const sign = order.startsWith('-') ? -1 : 1;
  return books
    .toSorted((one, other) => sign * (compare(keyOf(one), keyOf(other)) || compare(one.id, other.id)))
    .map(({ id }) => id);
}

/** One cent more. */
const raise = (book: Book) => changeBook(book, { price: String((book.price + 1) / 100) }, now);

const refuse = (): never => {
  throw new RangeError('not now');
};

function storeTests(
  make: () => Promise<{ readonly storage: Storage; readonly drop: () => Promise<void> }>,
  propertyRuns: number,
): void {
  let database: Database;
  let store: CatalogStore;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const made = await make();
    drop = made.drop;
    database = await openDatabase('catalog', made.storage);
    await migrate(database, migrations);
    store = new CatalogStore(database);
  });

  afterAll(async () => {
    await database.close();
    await drop();
  });

  const empty = async (): Promise<void> => void (await database.query('delete from books'));
  beforeEach(empty);

  const add = (title: string, more: Partial<BookInput> = {}) => store.add(writeBook(inputOf(title, more), now));
  const change = (id: string, input: Partial<BookInput>) => store.change(id, (book) => changeBook(book, input, now));
  const idsOf = async (filter: BookFilter): Promise<string[]> => {
    const { rows, total } = await store.list({ filter, order: 'title', first: 100, after: undefined });
    expect(total).toBe(rows.length);
    return rows.map(({ book }) => book.id);
  };

  test('find gives what was added', async () => {
    const book = await add('Les Frères', { year: -8, language: 'fr', isbn, authorIds: ['b', 'a'], price: '99999.99' });
    expect(book).toMatchObject({ id: 'les-freres', year: -8, price: 9_999_999, version: 1, updatedAt: now });
    expect(await store.find('les-freres')).toEqual(book);
    expect(await store.find('none')).toBeUndefined();
  });

  test('find gives every title the domain takes as it was', async () => {
    const titles = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(titles, async (title) => {
        let book;
        try {
          book = writeBook(inputOf(title), now);
        } catch {
          return fc.pre(false);
        }
        const { id } = await store.add(book);
        expect((await store.find(id))?.title).toBe(title.trim());
      }),
      { numRuns: propertyRuns },
    );
  });

  test('twelve books of one title, added at once, have twelve ids', async () => {
    const books = await Promise.all(Array.from({ length: 12 }, () => add('Emma')));
    expect(new Set(books.map(({ id }) => id))).toEqual(
      new Set(['emma', ...Array.from({ length: 11 }, (_, index) => `emma-${index + 2}`)]),
    );
  });

  test('of eight books of one ISBN, added at once, one is there and the others name it', async () => {
    const all = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => add(`Book ${index}`, { isbn })));
    const [winner, ...none] = all.filter((result) => result.status === 'fulfilled').map(({ value }) => value.id);
    const refusals = all.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(none).toEqual([]);
    expect(refusals).toHaveLength(7);
    for (const reason of refusals) expect(reason).toMatchObject({ name: 'DuplicateIsbn', existingId: winner });
    expect(await idsOf({})).toEqual([winner]);
  });

  test('of six books given one ISBN at once, one has it', async () => {
    const books = await Promise.all(Array.from({ length: 6 }, (_, index) => add(`Book ${index}`)));
    const all = await Promise.allSettled(books.map(({ id }) => change(id, { isbn })));
    const refusals = all.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(refusals).toHaveLength(5);
    expect(refusals.every((reason) => reason instanceof DuplicateIsbn)).toBe(true);
    expect(await idsOf({ isbn: [isbn] })).toHaveLength(1);
  });

  test('twenty changes at once are all done, one after another', async () => {
    const { id } = await add('Emma', { price: '0.00' });
    await Promise.all(Array.from({ length: 20 }, () => store.change(id, raise)));
    expect(await store.find(id)).toMatchObject({ price: 20, version: 21 });
  });

  test('change keeps the version of what stays the same, and gives undefined for what is not there', async () => {
    const book = await add('Emma', { isbn });
    expect(await change('emma', { title: 'Emma', isbn })).toEqual(book);
    expect(await change('none', { title: 'None' })).toBeUndefined();
  });

  test('remove removes what its check lets go; a book can have its ISBN then', async () => {
    await add('Emma', { isbn });
    await expect(store.remove('emma', refuse)).rejects.toThrow('not now');
    expect(await store.remove('emma', () => {})).toBe(true);
    expect(await store.remove('emma', refuse)).toBe(false);
    expect(await add('Other', { isbn })).toMatchObject({ id: 'other', isbn });
  });

  /** A store that is overtaken once: `work` is done right before its first statement of that kind. */
  const overtaken = (kind: 'update' | 'delete', work: () => Promise<unknown>): CatalogStore => {
    let isDone = false;
    return new CatalogStore({
      ...database,
      async query<Row extends object>(text: string, values?: readonly unknown[]) {
        if (text.startsWith(kind) && !isDone) {
          isDone = true;
          await work();
        }
        return database.query<Row>(text, values);
      },
    });
  };

  test('change of a book that is changed meanwhile judges it again', async () => {
    await add('Emma');
    const seen: number[] = [];
    const slow = overtaken('update', () => change('emma', { year: 1815 }));
    const changed = await slow.change('emma', (book) => {
      seen.push(book.version);
      return changeBook(book, { price: '1.00' }, now);
    });
    expect(seen).toEqual([1, 2]);
    expect(changed).toMatchObject({ year: 1815, price: 100, version: 3 });
    expect(await store.find('emma')).toEqual(changed);
  });

  test('change of a book that is removed meanwhile gives undefined and does not bring it back', async () => {
    await add('Emma');
    const slow = overtaken('update', () => store.remove('emma', () => {}));
    expect(await slow.change('emma', raise)).toBeUndefined();
    expect(await store.find('emma')).toBeUndefined();
  });

  test('remove of a book that is changed meanwhile judges it again', async () => {
    await add('Emma');
    const seen: number[] = [];
    const slow = overtaken('delete', () => change('emma', { year: 1815 }));
    const removed = slow.remove('emma', ({ version }) => {
      seen.push(version);
      if (version > 1) refuse();
    });
    await expect(removed).rejects.toThrow('not now');
    expect(seen).toEqual([1, 2]);
    expect(await store.find('emma')).toMatchObject({ version: 2 });
  });

  test('list narrows by each condition, and by all together', async () => {
    const more = { year: 1857, language: 'fr', genre: 'novel', authorIds: ['gustave-flaubert', 'other-one'] };
    await add('Éducation 100%_', { ...more, isbn });
    await add('Salammbô', { ...more, year: 1862, genre: 'epic' });
    await add('Emma', { language: 'en', authorIds: ['jane-austen'] });
    const [education, salammbo] = ['education-100', 'salammbo'];
    const rows: [BookFilter, string[]][] = [
      [{}, [education, 'emma', salammbo]],
      [{ title: 'EDUCATION' }, [education]],
      [{ title: 'salammbo' }, [salammbo]],
      [{ title: '%' }, [education]],
      [{ title: '_' }, [education]],
      [{ title: '' }, [education, 'emma', salammbo]],
      [{ author: 'flaubert' }, [education, salammbo]],
      [{ author: 'Gustave Flaubert' }, [education, salammbo]],
      [{ author: 'ÀUSTEN' }, ['emma']],
      [{ author: '夏目' }, []],
      [{ authorId: 'other-one' }, [education, salammbo]],
      [{ authorId: 'other' }, []],
      [{ genre: 'epic' }, [salammbo]],
      [{ language: 'en' }, ['emma']],
      [{ year: 1857 }, [education]],
      [{ yearFrom: 1858 }, [salammbo]],
      [{ yearTo: 1857 }, [education]],
      [{ yearFrom: 1857, yearTo: 1862 }, [education, salammbo]],
      [{ isbn: ['978-0-306-40615-7', 'x'] }, [education]],
      [{ isbn: [''] }, []],
      [{ ids: ['emma', 'none', 'not an id', salammbo, 'emma'] }, ['emma', salammbo]],
      [{ ids: [''] }, []],
      [{ ids: ['emma', salammbo], language: 'fr', title: 'a' }, [salammbo]],
    ];
    for (const [filter, expected] of rows) expect([filter, await idsOf(filter)]).toEqual([filter, expected]);
  });

  test.each<BookOrder>(['title', '-title', 'year', '-year', 'price', '-price'])(
    'list by %s, page by page, gives every book once and in order',
    async (order) => {
      const books = fc.array(
        fc.record({
          title: fc.constantFrom('Emma', 'emma', 'Émma!', 'Em mb', 'Faust', 'Zénon', '戦争', '𐐷', 'ﬃ'),
          year: fc.constantFrom(null, -8, 1, 1815, 1900),
          price: fc.constantFrom('0.00', '1.50', '10.00', '9.90'),
        }),
        { maxLength: 12 },
      );
      await fc.assert(
        fc.asyncProperty(books, fc.integer({ min: 1, max: 5 }), async (inputs, first) => {
          await empty();
          const added: Book[] = [];
          for (const { title, ...more } of inputs) added.push(await add(title, more));
          const seen: string[] = [];
          let after: Place | undefined;
          let hasMore: boolean;
          do {
            const { rows, total } = await store.list({ filter: {}, order, first, after });
            expect(total).toBe(added.length);
            hasMore = rows.length > first;
            const shown = rows.slice(0, first);
            seen.push(...shown.map(({ book }) => book.id));
            after = shown.at(-1)?.place;
          } while (hasMore);
          expect(seen).toEqual(sortBooks(added, order));
        }),
        { numRuns: propertyRuns },
      );
    },
  );
}
