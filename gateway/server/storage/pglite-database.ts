/** PGlite in a folder of its own: durable without a server, for one gateway. */
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { lockFolder } from './lock-folder.ts';
import type { SqlDatabase } from './sql-database.ts';

/** Rejects when another process uses the folder. A new folder takes seconds. */
export async function openPglite(folder: string): Promise<SqlDatabase> {
  const unlock = lockFolder(folder);
  try {
    const database = await PGlite.create(join(folder, 'data'));
    return {
      async query<Row extends object>(text: string, values: readonly unknown[] = []) {
        return (await database.query<Row>(text, [...values])).rows;
      },
      async close() {
        await database.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
