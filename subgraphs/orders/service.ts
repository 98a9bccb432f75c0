/** The orders as a program: opens their database, wires stores, clients, use cases, both faces, and recovery. */
import { randomUUID } from 'node:crypto';
import { createUpstream, type CallUpstream } from 'tributary-gateway/upstream';
import { readContract } from '../chassis/contract.ts';
import { createService, type Service } from '../chassis/create-service.ts';
import { openDatabase, type Storage } from '../chassis/database.ts';
import { findContract } from '../chassis/find-contract.ts';
import { migrate } from '../chassis/migrate.ts';
import type { OrdersDependencies } from './application/dependencies.ts';
import { Orders } from './application/orders.ts';
import { SalesReports } from './application/sales-reports.ts';
import { claimLeftBehind, recoverLeftBehind } from './application/recover-orders.ts';
import { mountSubgraph } from './graphql/subgraph.ts';
import { buildHandlers } from './rest/handlers.ts';
import { CatalogClient } from './services/catalog-client.ts';
import { InventoryClient } from './services/inventory-client.ts';
import { AuthorizationsStore } from './store/authorizations-store.ts';
import { IdempotencyStore } from './store/idempotency-store.ts';
import { migrations } from './store/migrations.ts';
import { OrdersStore } from './store/orders-store.ts';
import { SalesReportsStore } from './store/sales-reports-store.ts';
import { seedCustomersOnHold } from './store/seed.ts';

export interface OrdersServiceOptions {
  readonly storage: Storage;
  readonly isSeeded: boolean;
  readonly services: { readonly catalogUrl: string; readonly inventoryUrl: string };
  /** How other services are called; by default a client of the product's own, made for this service. */
  readonly callUpstream?: CallUpstream;
  readonly now?: () => Date;
  readonly newId?: () => string;
  readonly onError?: (error: unknown, requestId: string) => void;
  readonly isCheckingAnswers?: boolean;
  /** How often recovery looks for what was left behind. */
  readonly recoverEveryMs?: number;
  readonly placingTimeoutMs?: number;
}

export interface OrdersService extends Service {
  /** Finishes or undoes orders that nobody works on any more; gives their number. Runs by itself, too. */
  recoverOpenOrders(): Promise<number>;
}

/** Placing waits for its turn rather than being refused when many order at once: its own deadline is the limit. */
const patientSettings = {
  deadline: { callMs: 20_000, attemptMs: 15_000, headersMs: 15_000 },
  bulkhead: { concurrent: 64, queue: 2_000, queueWaitMs: 20_000 },
} as const;

/** Opens the orders; they serve once `listen` is called. */
export async function createOrdersService(options: OrdersServiceOptions): Promise<OrdersService> {
  const { storage, isSeeded, services, onError = () => {}, isCheckingAnswers = false } = options;
  const { now = () => new Date(), newId = randomUUID, recoverEveryMs = 5_000, placingTimeoutMs = 25_000 } = options;
  const database = await openDatabase('orders', storage);
  await migrate(database, migrations);
  if (isSeeded) await seedCustomersOnHold(database);
  const upstream = options.callUpstream === undefined ? createUpstream({ settings: patientSettings }) : undefined;
  const callUpstream = options.callUpstream ?? upstream!.call;
  const dependencies: OrdersDependencies = {
    orders: new OrdersStore(database),
    authorizations: new AuthorizationsStore(database),
    keys: new IdempotencyStore(database),
    catalog: new CatalogClient(services.catalogUrl, callUpstream),
    inventory: new InventoryClient(services.inventoryUrl, callUpstream),
    now,
    newId,
    placingTimeoutMs,
    undoTimeoutMs: 5_000,
    leaseMs: placingTimeoutMs + 35_000,
    retryMs: 5_000,
  };
  const orders = new Orders(dependencies);
  const reports = new SalesReports({ reports: new SalesReportsStore(database), now, newId, onError });
  await reports.resume();

  let recovery: Promise<unknown> = Promise.resolve();
  const inBackground = (work: () => Promise<unknown>): void => {
    recovery = recovery.then(work).catch((error: unknown) => onError(error, 'recovery'));
  };
  // Claimed before anybody is served: on a folder of its own, all that is open now was left behind.
  const leftBehind = await claimLeftBehind(dependencies, { isAlone: storage.kind !== 'postgres' });
  inBackground(() => recoverLeftBehind(dependencies, leftBehind));
  const timer = setInterval(() => inBackground(() => orders.recoverOpenOrders()), recoverEveryMs).unref();

  const service = createService({
    name: 'orders',
    contract: readContract(findContract('orders')),
    handlers: buildHandlers(orders, reports),
    checkReady: async () => {
      await database.query('select 1');
    },
    async onClose() {
      clearInterval(timer);
      await recovery;
      await reports.close();
      await upstream?.close();
      await database.close();
    },
    onError,
    isCheckingAnswers,
    mount: (app) => mountSubgraph(app, orders, reports, onError),
  });
  return Object.assign(service, { recoverOpenOrders: () => orders.recoverOpenOrders() });
}
