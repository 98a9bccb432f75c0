/**
 * Run once by `npm ci`: makes the database template, so that the first `npm start` does not have to. When it cannot be
 * made here, the first start makes it.
 */
import { prepareTemplate } from './chassis/pglite-database.ts';

try {
  await prepareTemplate();
} catch (error) {
  console.warn(`The database template is made at the first start: ${(error as Error).message}`);
}
