/** The inventory as a program: opens its database, wires contract, handlers and store, and sweeps expired holds. */
import { readContract } from '../chassis/contract.ts';
import { createService, type Service } from '../chassis/create-service.ts';
import { openDatabase, type Storage } from '../chassis/database.ts';
import { findContract } from '../chassis/find-contract.ts';
import { migrate } from '../chassis/migrate.ts';
import { buildHandlers } from './rest/handlers.ts';
import { InventoryStore } from './store/inventory-store.ts';
import { migrations } from './store/migrations.ts';
import { seedStock } from './store/seed.ts';

export interface InventoryServiceOptions {
  readonly storage: Storage;
  /** Fill an empty inventory with the stock of the seeded books. */
  readonly isSeeded: boolean;
  readonly now?: () => Date;
  readonly onError?: (error: unknown, requestId: string) => void;
  readonly isCheckingAnswers?: boolean;
  /** How often expired holds are marked; they count as free at once in any case. */
  readonly sweepEveryMs?: number;
}

/** Opens the inventory; it serves once `listen` is called. */
export async function createInventoryService(options: InventoryServiceOptions): Promise<Service> {
  const {
    storage,
    isSeeded,
    now = () => new Date(),
    onError,
    isCheckingAnswers = false,
    sweepEveryMs = 30_000,
  } = options;
  const database = await openDatabase('inventory', storage);
  await migrate(database, migrations);
  if (isSeeded) await seedStock(database);
  const store = new InventoryStore(database);
  let sweep = Promise.resolve();
  const timer = setInterval(() => {
    sweep = store.sweep(now()).then(
      () => undefined,
      (error: unknown) => onError?.(error, 'sweep'),
    );
  }, sweepEveryMs).unref();
  return createService({
    name: 'inventory',
    contract: readContract(findContract('inventory')),
    handlers: buildHandlers(store, now),
    checkReady: async () => {
      await database.query('select 1');
    },
    async onClose() {
      clearInterval(timer);
      await sweep;
      await database.close();
    },
    isCheckingAnswers,
    ...(onError === undefined ? {} : { onError }),
  });
}
