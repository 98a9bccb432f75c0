/** Compares what clients were told about their orders with the data of orders and inventory, past gateway and proxies. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Order } from './load.ts';

export interface Writes {
  readonly placed: number;
  readonly denied: number;
  /** Nobody could say what became of them. */
  readonly unsettled: number;
  /** The client was told of an order that is not there, or whose copies were not taken. */
  readonly lost: readonly string[];
  /** More than one order for one intent, one that the client was told is not placed, or copies taken twice. */
  readonly doubled: readonly string[];
}

interface StoredOrder {
  readonly id: string;
  readonly status: string;
}

const readJson = async (url: string): Promise<any> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
};

export interface CheckWritesOptions {
  readonly ordersUrl: string;
  readonly inventoryUrl: string;
  readonly orders: readonly Order[];
  readonly bookId: string;
  /** Copies before the first order. */
  readonly stockBefore: number;
  /** How long recovery may take to finish what was left open. */
  readonly patienceMs: number;
}

export async function checkWrites(options: CheckWritesOptions): Promise<Writes> {
  const { ordersUrl, inventoryUrl, orders, bookId, stockBefore, patienceMs } = options;
  const lost: string[] = [];
  const doubled: string[] = [];
  let taken = 0;
  const givesUpAt = performance.now() + patienceMs;
  const readOrders = async ({ customer }: Order): Promise<readonly StoredOrder[]> => {
    for (;;) {
      const { items } = await readJson(`${ordersUrl}/v1/orders?customer=${customer}`);
      const isOpen = items.some(({ status }: StoredOrder) => status === 'OPEN');
      if (!isOpen || performance.now() > givesUpAt) return items as StoredOrder[];
      await sleep(500);
    }
  };
  for (const order of orders) {
    const confirmed = (await readOrders(order)).filter(({ status }) => status === 'CONFIRMED');
    taken += confirmed.length * order.quantity;
    if (order.placed !== undefined && !confirmed.some(({ id }) => id === order.placed)) {
      lost.push(`${order.key}: told ${order.placed}, found ${confirmed.map(({ id }) => id).join(' ') || 'none'}`);
    }
    if (confirmed.length > 1) doubled.push(`${order.key}: ${confirmed.map(({ id }) => id).join(' ')}`);
    if (order.isDenied === true && confirmed.length > 0) doubled.push(`${order.key}: told that it is not placed`);
  }
  const expected = stockBefore - taken;
  const readStock = async () => (await readJson(`${inventoryUrl}/v1/stock/${bookId}`)) as { onHand: number };
  let { onHand } = await readStock();
  // What was taken for an order that was undone comes back by recovery.
  while (onHand !== expected && performance.now() < givesUpAt) {
    await sleep(500);
    ({ onHand } = await readStock());
  }
  const text = `${onHand} copies on the shelf, ${expected} by the orders`;
  if (onHand > expected) lost.push(text);
  if (onHand < expected) doubled.push(text);
  return {
    placed: orders.filter(({ placed }) => placed !== undefined).length,
    denied: orders.filter(({ isDenied }) => isDenied === true).length,
    unsettled: orders.filter(({ placed, isDenied }) => placed === undefined && isDenied !== true).length,
    lost,
    doubled,
  };
}
