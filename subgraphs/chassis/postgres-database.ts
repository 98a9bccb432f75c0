/** A PostgreSQL server through `pg`: a pool whose connections look into the service's own schema. */
import pg from 'pg';
import type { Database, Sql } from './database.ts';

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export async function openPostgres(service: string, url: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5_000,
    options: `-c search_path=${service}`,
  });
  // A connection that breaks fails what waits for it, and the pool replaces it. Without a listener of the pool, for those that
  // are idle, and one of its own, for those in a transaction, it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  await createSchema(pool, service);

  const sqlOver = (client: pg.Pool | pg.PoolClient): Sql => ({
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      return (await client.query<Row>(text, [...values])).rows;
    },
  });
  return {
    ...sqlOver(pool),
    async transaction(work) {
      const client = await pool.connect();
      let broken = false;
      try {
        await client.query('begin');
        const result = await work(sqlOver(client));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(() => (broken = true));
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

/** Two processes may start at once: "if not exists" alone can still collide, so a lock stands around it. */
async function createSchema(pool: pg.Pool, service: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [`schema:${service}`]);
    await client.query(`create schema if not exists ${quoteName(service)}`);
    await client.query('select pg_advisory_unlock(hashtext($1))', [`schema:${service}`]);
  } finally {
    client.release();
  }
}
