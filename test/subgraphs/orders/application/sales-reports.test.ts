/** Making sales reports over a real database: in batches, one after the other, and again after a crash. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../../subgraphs/chassis/database.ts';
import { migrate } from '../../../../subgraphs/chassis/migrate.ts';
import { SalesReports } from '../../../../subgraphs/orders/application/sales-reports.ts';
import { authorizeOrder, confirmOrder, openOrder } from '../../../../subgraphs/orders/domain/order.ts';
import { migrations } from '../../../../subgraphs/orders/store/migrations.ts';
import { OrdersStore } from '../../../../subgraphs/orders/store/orders-store.ts';
import { SalesReportsStore } from '../../../../subgraphs/orders/store/sales-reports-store.ts';

let database: Database;
let number = 0;
const may = { from: '2026-05-01T00:00:00Z', until: '2026-06-01T00:00:00Z' };
const faults: unknown[] = [];

beforeAll(async () => {
  database = await openDatabase('orders', { kind: 'ephemeral' });
  await migrate(database, migrations);
  const orders = new OrdersStore(database);
  const place = async (id: string, placedAt: string) => {
    const lines = [{ bookId: 'emma', quantity: 1, unitPrice: 1290 }];
    const order = openOrder({ id, customer: 'anna', lines, currency: 'EUR', placedAt });
    await orders.open(order, new Date());
    const authorized = authorizeOrder(order, 'a');
    await orders.save(authorized, 'commit');
    await orders.save(confirmOrder(authorized), null);
  };
  for (let index = 0; index < 5; index += 1) await place(`same-moment-${index}`, '2026-05-04T09:00:00.000Z');
  await place('first-moment', '2026-05-01T00:00:00.000Z');
  await place('too-early', '2026-04-30T23:59:59.999Z');
  await place('too-late', '2026-06-01T00:00:00.000Z');
});
afterAll(() => database.close());

const open = (store = new SalesReportsStore(database)) =>
  new SalesReports({
    reports: store,
    now: () => new Date('2026-06-02T00:00:00Z'),
    newId: () => `r${(number += 1)}`,
    onError: (error) => faults.push(error),
    batch: 2,
  });

it('counts every order of the period once, whatever the batches', async () => {
  const reports = open();
  const { id, status } = await reports.start(may);
  expect(status).toBe('QUEUED');
  await reports.idle();
  expect(await reports.find(id)).toEqual({
    id,
    status: 'SUCCEEDED',
    from: '2026-05-01T00:00:00.000Z',
    until: '2026-06-01T00:00:00.000Z',
    sales: { orders: 6, revenue: { EUR: 7740 }, copies: { emma: 6 } },
  });
});

it('says how far it is between two batches', async () => {
  const store = new SalesReportsStore(database);
  const progress: unknown[] = [];
  const save = store.save.bind(store);
  store.save = async (report) => {
    progress.push(report.status === 'RUNNING' ? report.progress : report.status);
    return save(report);
  };
  const reports = open(store);
  await reports.start(may);
  await reports.idle();
  expect(progress).toEqual([0, 33, 66, 99, 'SUCCEEDED']);
});

it('makes what a service that was stopped has left behind', async () => {
  const stopped = open();
  await stopped.close();
  const { id } = await stopped.start(may);
  expect((await stopped.find(id))?.status).toBe('QUEUED');
  const next = open();
  await next.resume();
  await next.idle();
  expect((await next.find(id))?.status).toBe('SUCCEEDED');
});

it('one that cannot be made is failed, and the next is made', async () => {
  const store = new SalesReportsStore(database);
  store.countOrders = () => Promise.reject(new Error('The disk is full'));
  const reports = open(store);
  const { id } = await reports.start(may);
  await reports.idle();
  expect([(await reports.find(id))?.status, faults.length]).toEqual(['FAILED', 1]);
  const other = open();
  const { id: second } = await other.start(may);
  await other.idle();
  expect((await other.find(second))?.status).toBe('SUCCEEDED');
});
