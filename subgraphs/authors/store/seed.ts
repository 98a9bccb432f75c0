/** The seeded authors: real people, from subgraphs/seed/authors.ts. They keep the rules that every author keeps. */
import type { Database } from '../../chassis/database.ts';
import { seedAuthors as people } from '../../seed/authors.ts';
import { checkDetails, type Author } from '../domain/author.ts';
import { insertAuthors } from './authors-store.ts';

/** The moment the seed was written: what is checked by it does not depend on the clock of the machine. */
const WRITTEN_AT = new Date(Date.UTC(2026, 0, 1));

/** Fills an empty list of authors; where there are some, they stay as they are. */
export async function seedAuthors(database: Database): Promise<void> {
  const [found] = await database.query('select 1 from authors limit 1');
  if (found === undefined) await insertAuthors(database, buildAuthors());
}

export const buildAuthors = (): Author[] =>
  people.map(({ id, ...details }) => ({ id, ...checkDetails(details, WRITTEN_AT), version: 1 }));
