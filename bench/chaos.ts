/**
 * `npm run chaos`: the bookshop under load while its services are killed, stopped, slowed and corrupted, and then the question
 * whether every client got an answer and every order is there exactly once. Ends with 1 when not.
 */
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkWrites } from './chaos/check-writes.ts';
import { createAsker, emptyTally, isSettled, load, sendOrder, type Order, type Tally } from './chaos/load.ts';
import { startChaosShop, type ChaosShop } from './chaos/shop.ts';
import { torment } from './chaos/torment.ts';

const usage = 'Usage: npm run chaos -- [--seconds 60] [--seed N] [--clients 12]';
const bookId = 'le-petit-prince';
const stockBefore = 100_000;
/** After the last fault: the longest wait of a breaker, and what recovery of orders needs. */
const settlingMs = 120_000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    clients: { type: 'string', default: '12' },
    help: { type: 'boolean' },
  },
});
if (values.help === true) console.log(usage);
else process.exitCode = await run(Number(values.seconds), Number(values.seed), Number(values.clients));

async function run(seconds: number, seed: number, clients: number): Promise<number> {
  if (![seconds, seed, clients].every((value) => Number.isFinite(value) && value > 0)) {
    console.error(usage);
    return 2;
  }
  console.log(`Seed ${seed}, ${clients} clients, ${seconds} s. Starting five services, each a process ...`);
  const shop = await startChaosShop();
  try {
    return await runAgainst(shop, { seconds, seed, clients });
  } finally {
    await shop.close();
  }
}

interface Plan {
  readonly seconds: number;
  readonly seed: number;
  readonly clients: number;
}

async function runAgainst(shop: ChaosShop, { seconds, seed, clients }: Plan): Promise<number> {
  const { orders: ordersService, inventory } = shop.services;
  await putStock(inventory.directUrl);
  const tally = emptyTally();
  const ask = createAsker(shop.url, tally);
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  const onChange = (line: string) => console.log(`  ${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${line}`);
  const [done, orders] = await Promise.all([
    torment({ shop, random: seededRandom(seed), endsAt, onChange }),
    load({ ask, random: seededRandom(seed + 1), clients, endsAt, bookId }),
  ]);
  const unsettled = orders.filter((order) => !isSettled(order)).length;
  console.log(`All services are left alone. Settling ${unsettled} of ${orders.length} orders, under their keys ...`);
  const settling = emptyTally();
  await settleAll(createAsker(shop.url, settling), orders);
  const writes = await checkWrites({
    ordersUrl: ordersService.directUrl,
    inventoryUrl: inventory.directUrl,
    orders,
    bookId,
    stockBefore,
    patienceMs: settlingMs,
  });
  const hung = tally.hung + settling.hung;
  console.log(report(tally, done));
  console.log(`
  orders placed        ${writes.placed}
  orders denied        ${writes.denied}
  never settled        ${writes.unsettled}   (must be 0)
  requests hung        ${hung}   (must be 0)
  lost writes          ${writes.lost.length}   (must be 0)
  doubled writes       ${writes.doubled.length}   (must be 0)`);
  for (const line of [...writes.lost, ...writes.doubled]) console.log(`  ! ${line}`);
  const isWell = hung + writes.unsettled + writes.lost.length + writes.doubled.length === 0;
  console.log(isWell ? '\nEvery client got an answer, and every order is there once.' : '\nBroken. See above.');
  return isWell ? 0 : 1;
}

async function putStock(inventoryUrl: string): Promise<void> {
  const response = await fetch(`${inventoryUrl}/v1/stock/${bookId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ onHand: stockBefore }),
  });
  if (!response.ok) throw new Error(`Stock cannot be set: ${response.status}`);
}

/** Each client asks again under his key, now that everything is well, until he knows. */
async function settleAll(ask: ReturnType<typeof createAsker>, orders: readonly Order[]): Promise<void> {
  const givesUpAt = performance.now() + settlingMs;
  for (;;) {
    const open = orders.filter((order) => !isSettled(order));
    if (open.length === 0 || performance.now() > givesUpAt) return;
    for (const order of open) await sendOrder(ask, order);
    await sleep(1000);
  }
}

function report({ requests, full, part, refused, codes }: Tally, done: ReadonlyMap<string, number>): string {
  const list = (counts: ReadonlyMap<string, number>) =>
    [...counts].toSorted(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`);
  const share = (count: number) => `${count}   (${((100 * count) / requests).toFixed(1)} %)`;
  return `
  services were        ${list(done).join(', ')}
  requests             ${requests}
  answered in full     ${share(full)}
  answered in part     ${share(part)}
  refused with a code  ${share(refused)}
  codes                ${list(codes).join(', ')}`;
}

function seededRandom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
