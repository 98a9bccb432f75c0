/** Opens what the REST side keeps, by `facade.idempotencyStore`: with the first request that needs it, not before. */
import { randomUUID } from 'node:crypto';
import type { Settings } from '../../config/index.ts';
import {
  createMemoryOperations,
  createMemoryStore,
  type IdempotencyStore,
  type OperationStore,
} from '../../facade/index.ts';
import type { SqlDatabase } from './sql-database.ts';
import { createSqlKeyStore, keyTable } from './sql-key-store.ts';
import { createSqlOperationStore, interruptOperations, operationTable } from './sql-operation-store.ts';

export interface Storage {
  readonly keys: IdempotencyStore;
  readonly operations: OperationStore;
  close(): Promise<void>;
}

export function openStorage(kind: Settings['facade']['idempotencyStore'], now = () => new Date()): Storage {
  if (kind.kind === 'memory') {
    const operations = createMemoryOperations({ now });
    return { keys: createMemoryStore({ now }), operations, close: () => Promise.resolve() };
  }
  let opened: Promise<SqlDatabase> | undefined;
  const open = async (): Promise<SqlDatabase> => {
    const database = await connect(kind);
    try {
      await createTables(database);
      if (kind.kind === 'pglite') await database.query(interruptOperations);
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  };
  const database = (): Promise<SqlDatabase> => {
    opened ??= open().catch((error: unknown) => {
      // The next request tries again.
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    keys: createSqlKeyStore({ database, now, newToken: randomUUID }),
    operations: createSqlOperationStore({ database, now }),
    async close() {
      const database = await opened?.catch(() => undefined);
      opened = undefined;
      await database?.close();
    },
  };
}

/** Drivers are large: only the one that is used is loaded. */
async function connect(
  kind: Exclude<Settings['facade']['idempotencyStore'], { kind: 'memory' }>,
): Promise<SqlDatabase> {
  switch (kind.kind) {
    case 'pglite': {
      const { openPglite } = await import('./pglite-database.ts');
      return openPglite(kind.folder);
    }
    case 'postgresql': {
      const { openPostgres } = await import('./postgres-database.ts');
      return openPostgres(kind.url);
    }
  }
}

/** Two gateways may start at once, and "if not exists" alone can still collide: then the table is there. */
async function createTables(database: SqlDatabase): Promise<void> {
  for (const table of [keyTable, operationTable]) await database.query(table).catch(() => database.query(table));
}
