/**
 * One small interface over two real PostgreSQLs: PGlite in the process (the default) and a server (when a URL is given).
 * The SQL is the same for both; every service lives in a schema of its own name. Cast counts to int and keep money in
 * integer cents: the two drivers read bigint and numeric differently.
 */
import { openPglite } from './pglite-database.ts';
import { openPostgres } from './postgres-database.ts';

export interface Sql {
  /** Rows of one statement; values are bound as $1, $2, ... */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface Database extends Sql {
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Where a service keeps its data. */
export type Storage =
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'ephemeral' };

/** Opens the database of one service; creates its schema if needed. */
export async function openDatabase(service: string, storage: Storage): Promise<Database> {
  switch (storage.kind) {
    case 'postgres':
      return openPostgres(service, storage.url);
    case 'folder':
      return openPglite(service, storage.folder);
    case 'ephemeral':
      return openPglite(service, undefined);
  }
}
