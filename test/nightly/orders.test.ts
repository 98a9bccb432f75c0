// F46, F47 and F48 of the fault table, for services that talk by requests: those that come twice or out of order, a database that dies,
// and a process that dies at every step of placing an order.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Service } from '../../subgraphs/chassis/create-service.ts';
import { createInventoryService } from '../../subgraphs/inventory/service.ts';
import { createOrdersService } from '../../subgraphs/orders/service.ts';
import { root } from '../repository/root.ts';
import { send, startCatalog, type Answer, type StandIn } from '../subgraphs/orders/stand-ins.ts';
import { hasOwnPostgres, startPostgres } from './start-postgres.ts';

let catalog: StandIn;
beforeAll(async () => {
  catalog = await startCatalog({ emma: '1.00', folio: '1200.00' });
});
afterAll(() => catalog.close());

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const place = (url: string, key: string, bookId = 'emma'): Promise<Answer> =>
  send(`${url}/v1/orders`, {
    body: { customer: `reader-${key}`, lines: [{ bookId, quantity: 1 }] },
    headers: { 'idempotency-key': key },
  });
const ordersOf = async (url: string, key: string) =>
  (await send(`${url}/v1/orders?customer=reader-${key}`)).body['items'] as { id: string; status: string }[];
const putStock = (url: string, bookId: string, onHand: number) =>
  send(`${url}/v1/stock/${bookId}`, { method: 'PUT', body: { onHand } });
const stockOf = async (url: string, bookId: string) =>
  (await send(`${url}/v1/stock/${bookId}`)).body as { onHand: number; reserved: number };

describe('F46 requests between services that come twice or out of order', () => {
  let inventory: Service;
  let now = Date.UTC(2026, 4, 4, 9);
  beforeAll(async () => {
    const storage = { kind: 'ephemeral' } as const;
    inventory = await createInventoryService({ storage, isSeeded: false, now: () => new Date(now) });
    await inventory.listen({ port: 0 });
  });
  afterAll(() => inventory.close());

  interface Command {
    readonly order: number;
    readonly step: 'reserve' | 'commitment' | 'release';
  }
  const command = fc.record<Command>({
    order: fc.nat(2),
    step: fc.constantFrom('reserve', 'commitment', 'release'),
  });
  /** What came, in which order, and how often each is repeated once it was done, at which later place. */
  const history = fc.array(fc.tuple(command, fc.array(fc.nat(12), { maxLength: 2 })), { maxLength: 12 });

  const deliver = async (shop: string, { order, step }: Command): Promise<boolean> => {
    const url = `${inventory.url}/v1/reservations/${shop}-${order}`;
    const lines = [{ bookId: shop, quantity: 2 }];
    const { status } = await (step === 'reserve'
      ? send(url, { method: 'PUT', body: { lines } })
      : send(`${url}/${step}`, { method: 'POST' }));
    expect([200, 201, 404, 409]).toContain(status);
    return status < 300;
  };
  const stateOf = async (shop: string) => {
    const reservations = numbers(3).map((order) => send(`${inventory.url}/v1/reservations/${shop}-${order}`));
    const states = (await Promise.all(reservations)).map(({ body }) => body['state']);
    const stock = await stockOf(inventory.url, shop);
    expect(stock.reserved).toBeGreaterThanOrEqual(0);
    expect(stock.reserved).toBeLessThanOrEqual(stock.onHand);
    return { states, stock };
  };

  test('what was done once is not done again by its repetition, and in any order no copy is lost or stays held', async () => {
    let shops = 0;
    await fc.assert(
      fc.asyncProperty(history, async (commands) => {
        const [once, twice] = [`shop-${++shops}`, `shop-${++shops}`];
        for (const shop of [once, twice]) await putStock(inventory.url, shop, 5);
        const repetitions = new Map<number, Command[]>();
        for (const [index, [sent, places]] of commands.entries()) {
          await deliver(once, sent);
          if (await deliver(twice, sent)) {
            for (const place of places) {
              repetitions.set(index + place, [...(repetitions.get(index + place) ?? []), sent]);
            }
          }
          for (const again of repetitions.get(index) ?? []) await deliver(twice, again);
          repetitions.delete(index);
        }
        for (const again of [...repetitions.values()].flat()) await deliver(twice, again);
        expect((await stateOf(twice)).stock).toEqual({ ...(await stateOf(once)).stock, bookId: twice });
        expect((await stateOf(twice)).states).toEqual((await stateOf(once)).states);
        // A hold that nobody releases any more ends by itself.
        now += 901_000;
        const { states, stock } = await stateOf(once);
        const sold = 2 * states.filter((state) => state === 'COMMITTED').length;
        expect(stock).toMatchObject({ onHand: 5 - sold, reserved: 0 });
      }),
      { numRuns: 40 },
    );
  });
});

test('F47 the database is killed while 60 orders are placed: no acknowledged order is lost, and it recovers by itself', async () => {
  expect(hasOwnPostgres, 'PostgreSQL (Debian package postgresql)').toBe(true);
  const postgres = await startPostgres();
  const storage = { kind: 'postgres', url: postgres.url } as const;
  let now = Date.now();
  const clock = () => new Date(now);
  const inventory = await createInventoryService({ storage, isSeeded: false, now: clock });
  const inventoryUrl = await inventory.listen({ port: 0 });
  const services = { catalogUrl: catalog.url, inventoryUrl };
  const orders = await createOrdersService({
    storage,
    isSeeded: false,
    services,
    now: clock,
    recoverEveryMs: 3_600_000,
  });
  const url = await orders.listen({ port: 0 });
  onTestFinished(async () => {
    await orders.close();
    await inventory.close();
  });
  await putStock(inventoryUrl, 'emma', 100);

  let killed: Promise<void> | undefined;
  let acknowledged = 0;
  const keys = numbers(60).map((index) => `database-${index}`);
  const first = await Promise.all(
    keys.map(async (key) => {
      const answer = await place(url, key);
      if (answer.status === 201 && ++acknowledged === 10) killed = postgres.kill();
      return answer;
    }),
  );
  await killed;
  const failed = first.filter(({ status }) => status !== 201);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.filter(({ status }) => status < 500)).toEqual([]);
  expect((await send(`${url}/health/ready`)).status).toBe(503);
  expect((await send(`${url}/health/live`)).status).toBe(200);

  await postgres.start();
  while ((await send(`${url}/health/ready`)).status !== 200) await sleep(5);
  // Leases of work that broke off run out.
  now += 10 * 60_000;
  await orders.recoverOpenOrders();
  const final = await Promise.all(
    keys.map(async (key) => {
      for (;;) {
        const answer = await place(url, key);
        if (answer.status === 201) return answer;
        expect([409, 502, 503, 504]).toContain(answer.status);
        await sleep(50);
      }
    }),
  );
  for (const [index, { status, body }] of first.entries()) if (status === 201) expect(final[index]!.body).toEqual(body);
  const placed = await Promise.all(keys.map((key) => ordersOf(url, key)));
  expect(placed.map((list) => list.filter(({ status }) => status === 'CONFIRMED').length)).toEqual(keys.map(() => 1));
  expect(placed.flat().filter(({ status }) => status === 'OPEN')).toEqual([]);
  expect(await stockOf(inventoryUrl, 'emma')).toMatchObject({ onHand: 40, reserved: 0 });
});

// Two starts of a program each, with a database in it.
describe(
  'F48 the orders die (SIGKILL) at every step of placing an order, and start again',
  { timeout: 300_000 },
  () => {
    const program = 'test/subgraphs/orders/application/orders-program.ts';

    /** Stands between orders and inventory, and calls `onStep` before a step arrives and before its answer does. */
    async function startBetween(inventoryUrl: string, onStep: (step: string) => Promise<void> | undefined) {
      const handOn = async (request: IncomingMessage, response: ServerResponse) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const { method = 'GET', url = '' } = request;
        const step = method === 'PUT' ? 'reserve' : url.split('/').at(-1)!;
        await onStep(`before ${step}`);
        const answer = await fetch(inventoryUrl + url, {
          method,
          headers: { 'content-type': 'application/json' },
          ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
        });
        const text = await answer.text();
        await onStep(`after ${step}`);
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(text);
      };
      const server = createServer((request, response) => void handOn(request, response));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => {
        server.closeAllConnections();
        server.close();
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }

    let inventory: Service;
    beforeAll(async () => {
      inventory = await createInventoryService({ storage: { kind: 'ephemeral' }, isSeeded: false });
      await inventory.listen({ port: 0 });
    });
    afterAll(() => inventory.close());

    test.each([
      { step: 'before reserve', bookId: 'emma', status: 201 },
      { step: 'after reserve', bookId: 'emma', status: 201 },
      { step: 'before commitment', bookId: 'emma', status: 201 },
      { step: 'after commitment', bookId: 'emma', status: 201 },
      // More than may be spent in one order: it is refused, and what was reserved goes back.
      { step: 'before release', bookId: 'folio', status: 402 },
      { step: 'after release', bookId: 'folio', status: 402 },
    ])('$step: the key comes to one answer, and no copy is lost or stays held', async ({ step, bookId, status }) => {
      const folder = mkdtempSync(join(tmpdir(), 'tributary-saga-'));
      const key = step.replace(' ', '-');
      await putStock(inventory.url, bookId, 5);
      let child: ChildProcess | undefined;
      const kill = async () => {
        const ended = once(child!, 'exit');
        child!.kill('SIGKILL');
        await ended;
      };
      let hasDied = false;
      const between = await startBetween(inventory.url, (at) => {
        if (hasDied || at !== step) return undefined;
        hasDied = true;
        return kill();
      });
      const start = async (): Promise<string> => {
        const args = ['--import', 'tsx', '--conditions=source', program, folder, catalog.url, between];
        child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
        const [line] = (await once(child.stdout!, 'data')) as [Buffer];
        return String(line).trim();
      };
      onTestFinished(async () => {
        await kill();
        rmSync(folder, { recursive: true, force: true });
      });

      await expect(place(await start(), key, bookId)).rejects.toThrow('fetch failed');
      expect(hasDied).toBe(true);
      const url = await start();
      let answer = await place(url, key, bookId);
      while (answer.body['type'] === '/problems/request-in-progress') {
        await sleep(50);
        answer = await place(url, key, bookId);
      }
      expect(answer.status).toBe(status);
      // A problem document says which request it is of.
      const again = await place(url, key, bookId);
      expect({ ...again.body, instance: '' }).toEqual({ ...answer.body, instance: '' });
      const sold = status === 201 ? 1 : 0;
      // Recovery gives the last copies back by itself.
      let stock = await stockOf(inventory.url, bookId);
      while (stock.reserved !== 0 || stock.onHand !== 5 - sold) {
        await sleep(50);
        stock = await stockOf(inventory.url, bookId);
      }
      const placed = await ordersOf(url, key);
      expect(placed.filter((order) => order.status === 'CONFIRMED')).toHaveLength(sold);
      expect(placed.filter((order) => order.status === 'OPEN')).toEqual([]);
    });
  },
);
