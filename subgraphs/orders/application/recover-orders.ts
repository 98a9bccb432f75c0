/**
 * Takes up what a crash, or a service that could not be reached, left behind. Every step may be done twice, so recovery
 * need not know how far the first attempt came: before the amount was authorized it undoes, after that it goes on.
 */
import { UpstreamError } from 'tributary-gateway/upstream';
import { confirmOrder, type Order } from '../domain/order.ts';
import { startCall } from '../services/call-service.ts';
import type { Step } from '../store/order-rows.ts';
import { OrderTakenOver } from '../store/orders-store.ts';
import type { OrdersDependencies } from './dependencies.ts';
import { refusePlacing, releaseCopies } from './place-order.ts';
import { placementOf, type Placement } from './placement.ts';

/** As many as are taken up at once; what is left waits for the next time. */
const BATCH = 200;
const REQUEST_ID = 'recovery';

/** Orders and keys that nobody works on, and that are the finder's now. */
export interface LeftBehind {
  readonly orders: readonly { readonly order: Order; readonly step: Step }[];
  readonly keys: readonly { readonly key: string; readonly orderId: string }[];
}

/**
 * Finds and claims what was left behind. `isAlone` says that no other process can be at work on this database (it has
 * just started on a folder of its own, and serves nobody yet), so leases need not be waited for.
 */
export async function claimLeftBehind(
  { orders, keys, now, leaseMs }: OrdersDependencies,
  { isAlone = false }: { readonly isAlone?: boolean } = {},
): Promise<LeftBehind> {
  const startedAt = now();
  const leasesOverBy = isAlone ? new Date(Date.UTC(9999, 0)) : startedAt;
  const claimed = await orders.claim(leasesOverBy, new Date(startedAt.getTime() + leaseMs), BATCH);
  return { orders: claimed, keys: await keys.findAbandoned(leasesOverBy) };
}

/** Finishes or undoes each of them. */
export async function recoverLeftBehind(dependencies: OrdersDependencies, leftBehind: LeftBehind): Promise<void> {
  const { orders, keys, now } = dependencies;
  await Promise.all(leftBehind.orders.map(({ order, step }) => recover(dependencies, order, step)));
  const found = await orders.find(leftBehind.keys.map(({ orderId }) => orderId));
  const byId = new Map(found.map((order) => [order.id, order]));
  for (const { key, orderId } of leftBehind.keys) await settleKey(keys, key, orderId, byId.get(orderId));
  await keys.forgetOld(now());
}

async function recover(dependencies: OrdersDependencies, order: Order, step: Step): Promise<void> {
  const { inventory, orders, now, undoTimeoutMs, retryMs } = dependencies;
  const undo = async (): Promise<void> => {
    if (order.status !== 'OPEN') return;
    const options = { hasToRelease: true, requestId: REQUEST_ID };
    await refusePlacing(dependencies, order, { reason: 'interrupted' }, options);
  };
  try {
    switch (step) {
      case 'reserve':
        return await undo();
      case 'commit':
        if (order.status !== 'OPEN') return;
        if (!(await inventory.commit(order.id, startCall(REQUEST_ID, undoTimeoutMs)))) return await undo();
        return await orders.save(confirmOrder(order), null);
      case 'release':
        return await releaseCopies(dependencies, order.id, REQUEST_ID);
    }
  } catch (error) {
    // Somebody else is at it after all: it is his.
    if (error instanceof OrderTakenOver) return;
    if (!(error instanceof UpstreamError)) throw error;
    await orders.postpone(order.id, new Date(now().getTime() + retryMs));
  }
}

/**
 * A key whose work broke off gets the answer its order came to, which is given back; without one the key is free again,
 * unless the order is still open: then it is recovery's.
 */
export async function settleKey(
  keys: OrdersDependencies['keys'],
  key: string,
  orderId: string,
  order: Order | undefined,
): Promise<Placement | undefined> {
  if (order?.status === 'OPEN') return undefined;
  const placement = order === undefined ? undefined : placementOf(order);
  await (placement === undefined ? keys.drop(key, orderId) : keys.keep(key, orderId, placement));
  return placement;
}
