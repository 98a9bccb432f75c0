/** What the use cases of orders work with. Built once, in service.ts. */
import type { AuthorizationsStore } from '../store/authorizations-store.ts';
import type { IdempotencyStore } from '../store/idempotency-store.ts';
import type { OrdersStore } from '../store/orders-store.ts';
import type { CatalogClient } from '../services/catalog-client.ts';
import type { InventoryClient } from '../services/inventory-client.ts';
import type { Placement } from './placement.ts';

export interface OrdersDependencies {
  readonly orders: OrdersStore;
  readonly authorizations: AuthorizationsStore;
  readonly keys: IdempotencyStore<Placement>;
  readonly catalog: CatalogClient;
  readonly inventory: InventoryClient;
  readonly now: () => Date;
  readonly newId: () => string;
  /** How long placing an order may take, all calls together. */
  readonly placingTimeoutMs: number;
  /** How long undoing may take while somebody waits; recovery goes on from there. */
  readonly undoTimeoutMs: number;
  /** After this time an order that is still being placed counts as left behind; longer than placing and undoing. */
  readonly leaseMs: number;
  /** When recovery tries again what did not work. */
  readonly retryMs: number;
}
