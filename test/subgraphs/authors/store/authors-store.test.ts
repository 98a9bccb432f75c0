import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeAuthor, type AuthorDetails } from '../../../../subgraphs/authors/domain/author.ts';
import { sortKeyOf } from '../../../../subgraphs/authors/domain/name.ts';
import { AuthorsStore, type AuthorFilter, type Place } from '../../../../subgraphs/authors/store/authors-store.ts';
import { migrations } from '../../../../subgraphs/authors/store/migrations.ts';
import { buildAuthors, seedAuthors } from '../../../../subgraphs/authors/store/seed.ts';
import { openDatabase, type Database, type Storage } from '../../../../subgraphs/chassis/database.ts';
import { migrate } from '../../../../subgraphs/chassis/migrate.ts';
import { createOwnDatabase, hasPostgres, noPostgres } from '../../postgres.ts';

const now = new Date(Date.UTC(2026, 0, 1));

describe('AuthorsStore on PGlite', () => {
  storeTests(async () => ({ storage: { kind: 'ephemeral' }, drop: async () => {} }));
});

const isPostgresThere = await hasPostgres();
describe.skipIf(!isPostgresThere)(`AuthorsStore on PostgreSQL${isPostgresThere ? '' : ` (${noPostgres})`}`, () => {
  storeTests(async () => {
    const own = await createOwnDatabase();
    return { storage: { kind: 'postgres', url: own.url }, drop: () => own.drop() };
  });
});

const refuse = (): never => {
  throw new RangeError('no');
};

const person = (lastName: string, firstName: string | null = null): AuthorDetails => ({
  firstName,
  lastName,
  birthYear: null,
  deathYear: null,
});

function storeTests(make: () => Promise<{ readonly storage: Storage; readonly drop: () => Promise<void> }>): void {
  let database: Database;
  let store: AuthorsStore;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const made = await make();
    drop = made.drop;
    database = await openDatabase('authors', made.storage);
    await migrate(database, migrations);
    store = new AuthorsStore(database);
  });

  beforeEach(async () => {
    await database.query('delete from authors');
  });

  afterAll(async () => {
    await database.close();
    await drop();
  });

  /** Ids of all pages, read to the end. */
  async function readAll(filter: AuthorFilter, first: number): Promise<string[]> {
    const ids: string[] = [];
    let after: Place | undefined;
    for (;;) {
      const { rows } = await store.list(filter, first, after);
      const shown = rows.slice(0, first);
      ids.push(...shown.map(({ id }) => id));
      if (rows.length <= first) return ids;
      const last = shown.at(-1)!;
      after = { ...sortKeyOf(last), id: last.id };
    }
  }

  test('add gives a readable id, and the next one that is free', async () => {
    expect((await store.add(person('Homer'))).id).toBe('homer');
    expect((await store.add(person('Homer'))).id).toBe('homer-2');
    expect((await store.add(person('Homer-2'))).id).toBe('homer-2-2');
    expect((await store.add(person('村上春樹'))).id).toBe('author');
    expect(await store.find('homer-2')).toEqual({ id: 'homer-2', ...person('Homer'), version: 1 });
  });

  test('add of 20 namesakes at once gives 20 ids', async () => {
    const added = await Promise.all(Array.from({ length: 20 }, () => store.add(person('Smith', 'John'))));
    expect(new Set(added.map(({ id }) => id)).size).toBe(20);
    expect((await store.list({}, 100, undefined)).total).toBe(20);
  });

  test('add keeps the longest name there can be, in any script', async () => {
    for (const letter of ['a', '\ufdfa', '𝔄', 'ß']) {
      const added = await store.add(person(letter.repeat(100), letter.repeat(100)));
      expect(await store.find(added.id)).toEqual(added);
    }
  });

  test('change writes a new version, under the new name; and nothing when nothing changes', async () => {
    await store.add(person('Flobert', 'Gustave'));
    const changed = await store.change('gustave-flobert', (author) =>
      changeAuthor(author, { lastName: 'Flaubert', birthYear: 1821 }, now),
    );
    expect(changed).toMatchObject({ id: 'gustave-flobert', lastName: 'Flaubert', birthYear: 1821, version: 2 });
    expect(await store.find('gustave-flobert')).toEqual(changed);
    expect((await store.list({ name: 'flaub' }, 10, undefined)).rows).toEqual([changed]);
    expect(await store.change('gustave-flobert', (author) => author)).toEqual(changed);
    expect(await store.change('nobody', (author) => author)).toBeUndefined();
  });

  test('change by 10 at once loses none', async () => {
    await store.add({ ...person('Homer'), birthYear: 1 });
    await Promise.all(
      Array.from({ length: 10 }, () =>
        store.change('homer', (author) => changeAuthor(author, { birthYear: author.birthYear! + 1 }, now)),
      ),
    );
    expect(await store.find('homer')).toMatchObject({ birthYear: 11, version: 11 });
  });

  test('change that throws leaves the author alone', async () => {
    const homer = await store.add(person('Homer'));
    await expect(store.change('homer', refuse)).rejects.toThrow(RangeError);
    expect(await store.find('homer')).toEqual(homer);
  });

  test('list is sorted by last name without accents, then first name, then id', async () => {
    for (const details of [
      person('Zola', 'Émile'),
      person('de Balzac', 'Honoré'),
      person('Čapek', 'Karel'),
      person('Čapek', 'Josef'),
      person('Capek'),
      person('Ångström'),
      person('Brontë', 'Anne'),
      person('brontë', 'anne'),
    ]) {
      await store.add(details);
    }
    const expected = ['angstrom', 'anne-bronte', 'anne-bronte-2', 'capek', 'josef-capek', 'karel-capek'];
    expected.push('honore-de-balzac', 'emile-zola');
    expect(await readAll({}, 100)).toEqual(expected);
    for (const first of [1, 2, 3]) expect(await readAll({}, first)).toEqual(expected);
  });

  test('list goes on where it was, though authors come meanwhile', async () => {
    for (const name of ['B', 'D', 'F']) await store.add(person(name));
    const [first] = (await store.list({}, 1, undefined)).rows;
    for (const name of ['A', 'C']) await store.add(person(name));
    const { rows } = await store.list({}, 10, { ...sortKeyOf(first!), id: first!.id });
    expect(rows.map(({ id }) => id)).toEqual(['c', 'd', 'f']);
  });

  test('list finds a part of the name without case and accents, and takes % and _ as they are', async () => {
    await store.add(person('Brontë', 'Emily'));
    await store.add(person('100%', '_x'));
    const find = async (name: string) => (await store.list({ name }, 10, undefined)).rows.map(({ id }) => id);
    expect(await find('ÉMILY BRON')).toEqual(['emily-bronte']);
    expect(await find('%')).toEqual(['x-100']);
    expect(await find('_')).toEqual(['x-100']);
    expect(await find('nobody')).toEqual([]);
    expect(await find(' ')).toHaveLength(2);
  });

  test('list by ids leaves out what it does not know and counts the others once', async () => {
    for (const name of ['A', 'B', 'C']) await store.add(person(name));
    const { rows, total } = await store.list({ ids: ['c', 'nobody', 'a', 'c'] }, 10, undefined);
    expect([rows.map(({ id }) => id), total]).toEqual([['a', 'c'], 2]);
    expect((await store.list({ ids: ['a', 'b'], name: 'b' }, 10, undefined)).total).toBe(1);
  });

  test('seedAuthors fills an empty list once, and leaves another alone', async () => {
    await seedAuthors(database);
    await seedAuthors(database);
    const { rows, total } = await store.list({}, 1_000, undefined);
    expect(total).toBe(buildAuthors().length);
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(buildAuthors().map(({ id }) => id)));
    expect(await store.find('homer')).toEqual({ id: 'homer', ...person('Homer'), version: 1 });
    await database.query('delete from authors');
    await store.add(person('Nobody'));
    await seedAuthors(database);
    expect((await store.list({}, 10, undefined)).total).toBe(1);
  });
}
