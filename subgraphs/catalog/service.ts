/** The catalog as a program: opens its database and wires contract, handlers and store. */
import { readContract } from '../chassis/contract.ts';
import { createService, type Service } from '../chassis/create-service.ts';
import { openDatabase, type Storage } from '../chassis/database.ts';
import { findContract } from '../chassis/find-contract.ts';
import { migrate } from '../chassis/migrate.ts';
import { buildHandlers } from './rest/handlers.ts';
import { mountV1Lifecycle } from './rest/v1-lifecycle.ts';
import { CatalogStore } from './store/catalog-store.ts';
import { migrations } from './store/migrations.ts';
import { seedCatalog } from './store/seed.ts';

export interface CatalogServiceOptions {
  readonly storage: Storage;
  /** Fill an empty catalog with the seeded books. */
  readonly isSeeded: boolean;
  readonly now?: () => Date;
  readonly onError?: (error: unknown, requestId: string) => void;
  readonly isCheckingAnswers?: boolean;
}

/** Opens the catalog; it serves once `listen` is called. */
export async function createCatalogService(options: CatalogServiceOptions): Promise<Service> {
  const { storage, isSeeded, now = () => new Date(), onError, isCheckingAnswers = false } = options;
  const database = await openDatabase('catalog', storage);
  await migrate(database, migrations);
  if (isSeeded) await seedCatalog(database);
  return createService({
    name: 'catalog',
    contract: readContract(findContract('catalog')),
    handlers: buildHandlers({ store: new CatalogStore(database), now }),
    checkReady: async () => {
      await database.query('select 1');
    },
    onClose: () => database.close(),
    mount: (app) => mountV1Lifecycle(app, now),
    isCheckingAnswers,
    ...(onError === undefined ? {} : { onError }),
  });
}
