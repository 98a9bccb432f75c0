/** Schema changes in order, each once, in a transaction. Several processes may start at the same time. */
import type { Database } from './database.ts';

export interface Migration {
  /** Never changed once released: it is how the database knows what it has. */
  readonly id: string;
  readonly statements: readonly string[];
}

export async function migrate(database: Database, migrations: readonly Migration[]): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query('select pg_advisory_xact_lock(hashtext(current_schema()))');
    await sql.query(
      'create table if not exists migrations (id text primary key, at timestamptz not null default now())',
    );
    const done = new Set((await sql.query<{ id: string }>('select id from migrations')).map((row) => row.id));
    for (const { id, statements } of migrations) {
      if (done.has(id)) continue;
      for (const statement of statements) await sql.query(statement);
      await sql.query('insert into migrations (id) values ($1)', [id]);
    }
  });
}
