/** The authors as a program: opens their database and wires contract, handlers and store. */
import { readContract } from '../chassis/contract.ts';
import { createService, type Service } from '../chassis/create-service.ts';
import { openDatabase, type Storage } from '../chassis/database.ts';
import { findContract } from '../chassis/find-contract.ts';
import { migrate } from '../chassis/migrate.ts';
import { buildHandlers } from './rest/handlers.ts';
import { AuthorsStore } from './store/authors-store.ts';
import { migrations } from './store/migrations.ts';
import { seedAuthors } from './store/seed.ts';

export interface AuthorsServiceOptions {
  readonly storage: Storage;
  /** Fill an empty list of authors with the seeded ones. */
  readonly isSeeded: boolean;
  readonly now?: () => Date;
  readonly onError?: (error: unknown, requestId: string) => void;
  readonly isCheckingAnswers?: boolean;
}

/** Opens the authors; they serve once `listen` is called. */
export async function createAuthorsService(options: AuthorsServiceOptions): Promise<Service> {
  const { storage, isSeeded, now = () => new Date(), onError, isCheckingAnswers = false } = options;
  const database = await openDatabase('authors', storage);
  await migrate(database, migrations);
  if (isSeeded) await seedAuthors(database);
  return createService({
    name: 'authors',
    contract: readContract(findContract('authors')),
    handlers: buildHandlers(new AuthorsStore(database), now),
    checkReady: async () => {
      await database.query('select 1');
    },
    onClose: () => database.close(),
    isCheckingAnswers,
    ...(onError === undefined ? {} : { onError }),
  });
}
