/** Many at once, against the real inventory over loopback HTTP. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Service } from '../../../../subgraphs/chassis/create-service.ts';
import type { Storage } from '../../../../subgraphs/chassis/database.ts';
import { createInventoryService } from '../../../../subgraphs/inventory/service.ts';
import { createOrdersService, type OrdersService } from '../../../../subgraphs/orders/service.ts';
import { createOwnDatabase, hasPostgres, noPostgres } from '../../postgres.ts';
import { send, startCatalog, type StandIn } from '../stand-ins.ts';

const isPostgresThere = await hasPostgres();

describe('on PGlite', () => {
  crowds(async () => ({ storage: { kind: 'ephemeral' }, drop: async () => {} }));
});

describe.skipIf(!isPostgresThere)(`on PostgreSQL${isPostgresThere ? '' : ` (${noPostgres})`}`, () => {
  crowds(async () => {
    const own = await createOwnDatabase();
    return { storage: { kind: 'postgres', url: own.url }, drop: () => own.drop() };
  });
});

function crowds(make: () => Promise<{ readonly storage: Storage; readonly drop: () => Promise<void> }>): void {
  let catalog: StandIn;
  let inventory: Service;
  let orders: OrdersService;
  let drop: () => Promise<void>;
  const faults: unknown[] = [];

  beforeAll(async () => {
    const made = await make();
    drop = made.drop;
    catalog = await startCatalog({ emma: '12.90', atlas: '999.99' });
    inventory = await createInventoryService({ storage: made.storage, isSeeded: false });
    await inventory.listen({ port: 0 });
    orders = await createOrdersService({
      storage: made.storage,
      isSeeded: false,
      services: { catalogUrl: catalog.url, inventoryUrl: inventory.url },
      onError: (error) => faults.push(error),
    });
    await orders.listen({ port: 0 });
  });

  afterAll(async () => {
    await orders.close();
    await inventory.close();
    await catalog.close();
    await drop();
  });

  describe('200 parallel orders for the last 50 copies', () => {
    test('50 are confirmed, 150 refused with the reason, the stock is zero and nothing is left held', async () => {
      await send(`${inventory.url}/v1/stock/emma`, { method: 'PUT', body: { onHand: 50 } });
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          send(`${orders.url}/v1/orders`, {
            body: { customer: `reader-${index % 40}`, lines: [{ bookId: 'emma', quantity: 1 }] },
            headers: { 'idempotency-key': `key-${index}` },
          }),
        ),
      );
      const [placed, refused] = [answers.filter((a) => a.status === 201), answers.filter((a) => a.status === 409)];
      expect(answers.filter((a) => a.status !== 201 && a.status !== 409).map(({ body }) => body)).toEqual([]);
      expect(placed.map(({ body }) => body['status'])).toEqual(Array(50).fill('CONFIRMED'));
      expect(refused.map(({ body }) => [body['type'], body['bookId'], body['available']])).toEqual(
        Array.from({ length: 150 }, () => ['/problems/out-of-stock', 'emma', 0]),
      );
      expect((await send(`${inventory.url}/v1/stock/emma`)).body).toMatchObject({
        onHand: 0,
        reserved: 0,
        available: 0,
      });
      expect(await orders.recoverOpenOrders()).toBe(0);
      expect(faults).toEqual([]);
    }, 120_000);

    test('20 cancellations at once of the same order return its copies once', async () => {
      await send(`${inventory.url}/v1/stock/emma`, { method: 'PUT', body: { onHand: 3 } });
      const input = { customer: 'reader-1', lines: [{ bookId: 'emma', quantity: 2 }] };
      const { body } = await send(`${orders.url}/v1/orders`, { body: input });
      const url = `${orders.url}/v1/orders/${String(body['id'])}/cancellation`;
      const answers = await Promise.all(Array.from({ length: 20 }, () => send(url, { method: 'POST' })));
      expect(answers.map((answer) => [answer.status, answer.body['status']])).toEqual(
        Array.from({ length: 20 }, () => [200, 'CANCELLED']),
      );
      expect((await send(`${inventory.url}/v1/stock/emma`)).body).toMatchObject({ onHand: 3, reserved: 0 });
    });
  });

  describe('one idempotency key sent 20 times at once', () => {
    test('places one order; the others get its answer or are asked to wait', async () => {
      await send(`${inventory.url}/v1/stock/emma`, { method: 'PUT', body: { onHand: 30 } });
      const once = () =>
        send(`${orders.url}/v1/orders`, {
          body: { customer: 'hasty', lines: [{ bookId: 'emma', quantity: 1 }] },
          headers: { 'idempotency-key': 'hasty-1' },
        });
      const answers = await Promise.all(Array.from({ length: 20 }, once));
      const last = await once();
      expect(last.status).toBe(201);
      expect(last.headers.get('idempotency-replayed')).toBe('true');
      const first = answers.filter(({ status, headers }) => status === 201 && !headers.has('idempotency-replayed'));
      expect(first).toHaveLength(1);
      const waiting = [409, '/problems/request-in-progress', '1'];
      const outcomes = answers.map(({ status, body, headers }) =>
        status === 201 ? body : [status, body['type'], headers.get('retry-after')],
      );
      for (const outcome of outcomes) expect([last.body, waiting]).toContainEqual(outcome);
      expect((await send(`${orders.url}/v1/orders?customer=hasty`)).body['total']).toBe(1);
      expect((await send(`${inventory.url}/v1/stock/emma`)).body).toMatchObject({ onHand: 29, reserved: 0 });
    });
  });

  describe('10 orders of 999.99 at once of one customer', () => {
    test('3 fit below the limit of what may be open, not one more', async () => {
      await send(`${inventory.url}/v1/stock/atlas`, { method: 'PUT', body: { onHand: 10 } });
      const input = { customer: 'eager', lines: [{ bookId: 'atlas', quantity: 1 }] };
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => send(`${orders.url}/v1/orders`, { body: input })),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
      expect(answers.filter(({ status }) => status === 402)).toHaveLength(7);
      expect((await send(`${inventory.url}/v1/stock/atlas`)).body).toMatchObject({ onHand: 7, reserved: 0 });
    });
  });
}
