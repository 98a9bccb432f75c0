/** Services that go away in the middle of a crowd: nothing acknowledged is lost, and no copy stays held. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createUpstream } from 'tributary-gateway/upstream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Service } from '../../../../subgraphs/chassis/create-service.ts';
import { createInventoryService } from '../../../../subgraphs/inventory/service.ts';
import { createOrdersService } from '../../../../subgraphs/orders/service.ts';
import { send, startCatalog, type Answer, type StandIn } from '../stand-ins.ts';

const folder = mkdtempSync(join(tmpdir(), 'tributary-kill-'));
let catalog: StandIn;

beforeAll(async () => {
  catalog = await startCatalog({ emma: '1.00' });
});

afterAll(async () => {
  await catalog.close();
  rmSync(folder, { recursive: true, force: true });
});

const place = (url: string, index: number): Promise<Answer> =>
  send(`${url}/v1/orders`, {
    body: { customer: `reader-${index}`, lines: [{ bookId: 'emma', quantity: 1 }] },
    headers: { 'idempotency-key': `key-${index}` },
  });
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const ordersOf = async (url: string, index: number): Promise<Record<string, unknown>[]> =>
  (await send(`${url}/v1/orders?customer=reader-${index}`)).body['items'] as Record<string, unknown>[];

describe('the inventory stops while 60 orders are being placed, and comes back', () => {
  test('every order is confirmed or refused, and the shelf agrees with what was confirmed', async () => {
    const openInventory = () =>
      createInventoryService({ storage: { kind: 'folder', folder: join(folder, 'inventory') }, isSeeded: false });
    let now = Date.now();
    let inventory: Service = await openInventory();
    const inventoryUrl = await inventory.listen({ port: 0 });
    const upstream = createUpstream({ settings: { breaker: { enabled: false } } });
    const orders = await createOrdersService({
      storage: { kind: 'ephemeral' },
      isSeeded: false,
      services: { catalogUrl: catalog.url, inventoryUrl },
      now: () => new Date(now),
      recoverEveryMs: 3_600_000,
      // The breaker would put off what recovery undoes by seconds of real time; that it does so is tested where it lives.
      callUpstream: upstream.call,
    });
    await orders.listen({ port: 0 });
    await send(`${inventoryUrl}/v1/stock/emma`, { method: 'PUT', body: { onHand: 200 } });

    let answered = 0;
    let stopped: Promise<void> | undefined;
    const answers = await Promise.all(
      numbers(60).map(async (index) => {
        const answer = await place(orders.url, index);
        answered += 1;
        if (answered === 10) stopped = inventory.close();
        return answer;
      }),
    );
    await stopped;
    const failed = answers.filter(({ status }) => status !== 201);
    expect(failed.length).toBeGreaterThan(0);
    expect(
      failed.filter(({ status, headers }) => ![502, 503, 504].includes(status) || !headers.has('retry-after')),
    ).toEqual([]);

    inventory = await openInventory();
    await inventory.listen({ port: Number(new URL(inventoryUrl).port) });
    now += 10 * 60_000;
    await orders.recoverOpenOrders();
    const placed = (await Promise.all(numbers(60).map((index) => ordersOf(orders.url, index)))).flat();
    const confirmed = placed.filter(({ status }) => status === 'CONFIRMED');
    expect(placed.filter(({ status }) => status !== 'CONFIRMED' && status !== 'REFUSED')).toEqual([]);
    expect(confirmed).toHaveLength(answers.filter(({ status }) => status === 201).length);
    expect((await send(`${inventoryUrl}/v1/stock/emma`)).body).toMatchObject({
      onHand: 200 - confirmed.length,
      reserved: 0,
    });
    await orders.close();
    await inventory.close();
    await upstream.close();
  }, 120_000);
});

describe('the orders are killed (SIGKILL) while 40 orders are being placed, and start again', () => {
  const program = fileURLToPath(new URL('orders-program.ts', import.meta.url));

  const startOrders = async (inventoryUrl: string): Promise<{ child: ChildProcess; url: string }> => {
    const argv = ['--import', 'tsx', '--conditions=source', program, join(folder, 'orders'), catalog.url, inventoryUrl];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, url: line.toString().trim() };
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };

  test('what was acknowledged is there, every key comes to one order, and the shelf agrees', async () => {
    const inventory = await createInventoryService({ storage: { kind: 'ephemeral' }, isSeeded: false });
    const inventoryUrl = await inventory.listen({ port: 0 });
    await send(`${inventoryUrl}/v1/stock/emma`, { method: 'PUT', body: { onHand: 100 } });

    const first = await startOrders(inventoryUrl);
    let killed: Promise<void> | undefined;
    const acknowledged = new Map<number, Answer>();
    await Promise.allSettled(
      numbers(40).map(async (index) => {
        const answer = await place(first.url, index);
        acknowledged.set(index, answer);
        if (acknowledged.size === 8) killed = kill(first.child);
      }),
    );
    await killed;
    expect(acknowledged.size).toBeLessThan(40);

    const second = await startOrders(inventoryUrl);
    // Recovery runs by itself; a key it is not done with yet answers 409 and Retry-After.
    const final = await Promise.all(
      numbers(40).map(async (index) => {
        for (let attempt = 0; ; attempt += 1) {
          const answer = await place(second.url, index);
          if (answer.body['type'] !== '/problems/request-in-progress' || attempt === 300) return answer;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }),
    );
    expect(final.filter(({ status }) => status !== 201).map(({ body }) => body)).toEqual([]);
    for (const [index, answer] of acknowledged) expect(final[index]!.body).toEqual(answer.body);
    const placed = await Promise.all(numbers(40).map((index) => ordersOf(second.url, index)));
    const confirmed = placed.map((list) => list.filter(({ status }) => status === 'CONFIRMED').length);
    expect(confirmed).toEqual(numbers(40).map(() => 1));
    expect(placed.flat().filter(({ status }) => status === 'OPEN')).toEqual([]);
    expect((await send(`${inventoryUrl}/v1/stock/emma`)).body).toMatchObject({ onHand: 60, reserved: 0 });
    await kill(second.child);
    await inventory.close();
  }, 120_000);
});
