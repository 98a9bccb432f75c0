/** A database of one's own on the PostgreSQL of this machine, when there is one; tests on it are skipped when not. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

const serverUrl = 'postgres://postgres@127.0.0.1:5432';

export interface OwnDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export const noPostgres = 'PostgreSQL does not answer on 127.0.0.1:5432';

export async function hasPostgres(): Promise<boolean> {
  const client = new pg.Client({ connectionString: `${serverUrl}/postgres`, connectionTimeoutMillis: 1_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** Makes a database with a random name. */
export async function createOwnDatabase(): Promise<OwnDatabase> {
  const name = `tributary_${randomBytes(6).toString('hex')}`;
  await run(`create database ${name}`);
  return { url: `${serverUrl}/${name}`, drop: () => run(`drop database if exists ${name} with (force)`) };
}

async function run(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${serverUrl}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
