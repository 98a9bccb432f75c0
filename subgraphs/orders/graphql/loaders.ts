/** Loaders of one request: however many orders a query names, they cost one SQL statement. */
import DataLoader from 'dataloader';
import type { Orders } from '../application/orders.ts';
import type { Order } from '../domain/order.ts';

export interface Loaders {
  readonly order: DataLoader<string, Order | null>;
}

/** Made anew for each request: it remembers what it has loaded. */
export function createLoaders(orders: Pick<Orders, 'findMany'>): Loaders {
  return {
    order: new DataLoader(async (ids) => {
      // What cannot be the id of an order is not asked for: a database refuses some characters.
      const found = await orders.findMany(ids.filter(isOrderId));
      const byId = new Map(found.map((order) => [order.id, order]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
  };
}

/** May this be the id of an order? */
export const isOrderId = (id: string): boolean => /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(id);
