/** Authors in SQL. Lists are read by name, from a place on: the sort key and the id of the last author seen. */
import type { Database, Sql } from '../../chassis/database.ts';
import { foldText } from '../../chassis/text.ts';
import type { Author, AuthorDetails } from '../domain/author.ts';
import { baseIdOf, chooseId, searchKeyOf, sortKeyOf, type SortKey } from '../domain/name.ts';

export interface Place extends SortKey {
  readonly id: string;
}

export interface AuthorFilter {
  /** A part of the name; case and accents make no difference. */
  readonly name?: string;
  /** Ids that are unknown are left out. */
  readonly ids?: readonly string[];
}

/** Up to `first + 1` authors: the last one only tells that there are more. */
export interface AuthorRows {
  readonly rows: readonly Author[];
  readonly total: number;
}

interface AuthorRow {
  readonly id: string;
  readonly first_name: string | null;
  readonly last_name: string;
  readonly birth_year: number | null;
  readonly death_year: number | null;
  readonly version: number;
}

export class AuthorsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Enters an author under a readable id that is free. */
  async add(details: AuthorDetails): Promise<Author> {
    const base = baseIdOf(details);
    const taken = await this.#database.query<{ id: string }>(
      `select id from authors where id = $1::text or id like $1::text || '-%'`,
      [base],
    );
    const id = chooseId(base, new Set(taken.map((row) => row.id)));
    const author: Author = { id, ...details, version: 1 };
    const isAdded = (await insertAuthors(this.#database, [author])) === 1;
    // Somebody else took the id between the two statements: there is a next one.
    return isAdded ? author : this.add(details);
  }

  find(id: string): Promise<Author | undefined> {
    return selectAuthor(this.#database, id, '');
  }

  /** Writes what `change` makes of an author; undefined when there is none. */
  change(id: string, change: (current: Author) => Author): Promise<Author | undefined> {
    return this.#database.transaction(async (sql) => {
      const current = await selectAuthor(sql, id, 'for update');
      if (current === undefined) return undefined;
      const changed = change(current);
      if (changed.version !== current.version) await updateAuthor(sql, changed);
      return changed;
    });
  }

  async list(filter: AuthorFilter, first: number, after: Place | undefined): Promise<AuthorRows> {
    const where = `($1::text is null or position($1::text in search_name) > 0)
               and ($2::text[] is null or id = any($2::text[]))`;
    const values = [filter.name === undefined ? null : foldText(filter.name), filter.ids ?? null];
    const rows = await this.#database.query<AuthorRow>(
      `select * from authors
        where ${where} and ($3::text is null or (sort_last, sort_first, id) > ($3::text, $4::text, $5::text))
        order by sort_last, sort_first, id limit $6`,
      [...values, after?.last ?? null, after?.first ?? null, after?.id ?? null, first + 1],
    );
    const [counted] = await this.#database.query<{ total: number }>(
      `select count(*)::int as total from authors where ${where}`,
      values,
    );
    return { rows: rows.map(toAuthor), total: counted!.total };
  }
}

/** Inserts those whose ids are free; gives how many that were. */
export async function insertAuthors(sql: Sql, authors: readonly Author[]): Promise<number> {
  const columns = [
    authors.map(({ id }) => id),
    authors.map(({ firstName }) => firstName),
    authors.map(({ lastName }) => lastName),
    authors.map(({ birthYear }) => birthYear),
    authors.map(({ deathYear }) => deathYear),
    authors.map(({ version }) => version),
    authors.map(searchKeyOf),
    authors.map((author) => sortKeyOf(author).last),
    authors.map((author) => sortKeyOf(author).first),
  ];
  const inserted = await sql.query(
    `insert into authors
       (id, first_name, last_name, birth_year, death_year, version, search_name, sort_last, sort_first)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::int[], $7::text[], $8::text[], $9::text[])
     on conflict do nothing returning id`,
    columns,
  );
  return inserted.length;
}

async function updateAuthor(sql: Sql, author: Author): Promise<void> {
  const { id, firstName, lastName, birthYear, deathYear, version } = author;
  const { last, first } = sortKeyOf(author);
  await sql.query(
    `update authors set first_name = $2, last_name = $3, birth_year = $4, death_year = $5, version = $6,
                        search_name = $7, sort_last = $8, sort_first = $9
      where id = $1`,
    [id, firstName, lastName, birthYear, deathYear, version, searchKeyOf(author), last, first],
  );
}

async function selectAuthor(sql: Sql, id: string, lock: '' | 'for update'): Promise<Author | undefined> {
  const [row] = await sql.query<AuthorRow>(`select * from authors where id = $1 ${lock}`, [id]);
  return row === undefined ? undefined : toAuthor(row);
}

const toAuthor = (row: AuthorRow): Author => ({
  id: row.id,
  firstName: row.first_name,
  lastName: row.last_name,
  birthYear: row.birth_year,
  deathYear: row.death_year,
  version: row.version,
});
