/**
 * What happens when the inventory goes away at each step of placing an order, and after a crash: the order is undone or
 * finished, and no copy stays held.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createUpstream, UpstreamError, type CallUpstream, type UpstreamRequest } from 'tributary-gateway/upstream';
import type { Service } from '../../../../subgraphs/chassis/create-service.ts';
import type { Storage } from '../../../../subgraphs/chassis/database.ts';
import { createInventoryService } from '../../../../subgraphs/inventory/service.ts';
import { createOrdersService, type OrdersService } from '../../../../subgraphs/orders/service.ts';
import { createOwnDatabase, hasPostgres, noPostgres } from '../../postgres.ts';
import { send, startCatalog, type StandIn } from '../stand-ins.ts';

const isPostgresThere = await hasPostgres();

describe('placing on PGlite', () => {
  tests(async () => ({ storage: { kind: 'ephemeral' }, drop: async () => {} }));
});

describe.skipIf(!isPostgresThere)(`placing on PostgreSQL${isPostgresThere ? '' : ` (${noPostgres})`}`, () => {
  tests(async () => {
    const own = await createOwnDatabase();
    return { storage: { kind: 'postgres', url: own.url }, drop: () => own.drop() };
  });
});

/** What becomes of one call: it is made; it never arrives; it arrives and its answer is lost; the process dies there. */
type Fate = 'made' | 'lost' | 'answer lost' | 'crash before' | 'crash after';

function tests(make: () => Promise<{ readonly storage: Storage; readonly drop: () => Promise<void> }>): void {
  const upstream = createUpstream();
  let catalog: StandIn;
  let inventory: Service;
  let orders: OrdersService;
  let drop: () => Promise<void>;
  let now = Date.UTC(2026, 4, 4, 9);
  let fateOf: (request: UpstreamRequest) => Fate = () => 'made';
  let number = 0;

  const callUpstream: CallUpstream = async (request) => {
    const fate = fateOf(request);
    const gone = new UpstreamError('UPSTREAM_UNREACHABLE', {
      service: request.service,
      retryable: true,
      dispatched: true,
    });
    if (fate === 'lost') throw gone;
    // Not an UpstreamError: nothing catches it, so the placing stops where it is, as when the process dies.
    if (fate === 'crash before') throw new Error('crash');
    const response = await upstream.call(request);
    if (fate === 'answer lost') throw gone;
    if (fate === 'crash after') throw new Error('crash');
    return response;
  };

  beforeAll(async () => {
    const made = await make();
    drop = made.drop;
    catalog = await startCatalog({ emma: '12.90' });
    inventory = await createInventoryService({ storage: { kind: 'ephemeral' }, isSeeded: false });
    await inventory.listen({ port: 0 });
    orders = await createOrdersService({
      storage: made.storage,
      isSeeded: false,
      services: { catalogUrl: catalog.url, inventoryUrl: inventory.url },
      callUpstream,
      now: () => new Date(now),
      recoverEveryMs: 3_600_000,
    });
    await orders.listen({ port: 0 });
  });

  afterAll(async () => {
    await orders.close();
    await inventory.close();
    await catalog.close();
    await upstream.close();
    await drop();
  });

  beforeEach(async () => {
    await send(`${inventory.url}/v1/stock/emma`, { method: 'PUT', body: { onHand: 5 } });
  });
  afterEach(() => {
    fateOf = () => 'made';
  });

  const isStep = (step: 'reserve' | 'commitment' | 'release', { method, url }: UpstreamRequest): boolean =>
    step === 'reserve' ? method === 'PUT' : url.endsWith(`/${step}`);
  const failAt = (step: 'reserve' | 'commitment', fate: Fate, isInventoryGone = false): void => {
    let hasFailed = false;
    fateOf = (request) => {
      if (hasFailed && isInventoryGone && request.service === 'inventory') return 'lost';
      if (!isStep(step, request)) return 'made';
      hasFailed = true;
      return fate;
    };
  };
  const place = (key?: string) =>
    send(`${orders.url}/v1/orders`, {
      body: { customer: `reader-${(number += 1)}`, lines: [{ bookId: 'emma', quantity: 2 }] },
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });
  const lastOrder = async () => {
    const { body } = await send(`${orders.url}/v1/orders?customer=reader-${number}`);
    return (body['items'] as Record<string, unknown>[])[0]!;
  };
  const stock = async () => (await send(`${inventory.url}/v1/stock/emma`)).body;
  const recover = async (): Promise<number> => {
    fateOf = () => 'made';
    now += 10 * 60_000;
    return orders.recoverOpenOrders();
  };

  test.each(['reserve', 'commitment'] as const)(
    'the %s call is lost: 502, the order is REFUSED, nothing is held',
    async (step) => {
      failAt(step, 'lost');
      const { status, headers, body } = await place();
      expect([status, body['type'], headers.get('retry-after')]).toEqual([502, '/problems/service-unreachable', '1']);
      expect(JSON.stringify(body)).not.toContain('127.0.0.1');
      expect(await lastOrder()).toMatchObject({ status: 'REFUSED', refusal: { reason: 'service-unavailable' } });
      expect(await stock()).toMatchObject({ onHand: 5, reserved: 0 });
      expect(await recover()).toBe(0);
    },
  );

  test.each(['reserve', 'commitment'] as const)(
    'the answer to the %s call is lost: the copies are back at once',
    async (step) => {
      failAt(step, 'answer lost');
      expect((await place()).status).toBe(502);
      expect(await stock()).toMatchObject({ onHand: 5, reserved: 0 });
    },
  );

  test.each(['reserve', 'commitment'] as const)(
    'the inventory is gone after the %s call: recovery lets the copies go',
    async (step) => {
      failAt(step, 'answer lost', true);
      expect((await place()).status).toBe(502);
      expect(await lastOrder()).toMatchObject({ status: 'REFUSED' });
      expect((await stock())['available']).toBe(3);
      expect(await recover()).toBe(1);
      expect(await stock()).toMatchObject({ onHand: 5, reserved: 0 });
      expect(await recover()).toBe(0);
    },
  );

  test('recovery that does not reach the inventory either tries again later', async () => {
    failAt('reserve', 'answer lost', true);
    await place();
    fateOf = () => 'lost';
    now += 10_000;
    expect(await orders.recoverOpenOrders()).toBe(1);
    expect(await orders.recoverOpenOrders()).toBe(0);
    expect(await recover()).toBe(1);
    expect(await stock()).toMatchObject({ onHand: 5, reserved: 0 });
  });

  test.each([
    ['reserve', 'crash before', 'REFUSED', 5],
    ['reserve', 'crash after', 'REFUSED', 5],
    ['commitment', 'crash before', 'CONFIRMED', 3],
    ['commitment', 'crash after', 'CONFIRMED', 3],
  ] as const)('%s: %s it, the order is OPEN, and recovery makes it %s', async (step, fate, status, onHand) => {
    failAt(step, fate);
    expect((await place()).status).toBe(500);
    expect(await lastOrder()).toMatchObject({ status: 'OPEN', actions: [] });
    expect(await orders.recoverOpenOrders()).toBe(0);
    expect(await recover()).toBe(1);
    expect(await lastOrder()).toMatchObject({ status });
    expect(await stock()).toMatchObject({ onHand, reserved: 0 });
  });

  test('after a crash the key answers 409, then what recovery came to', async () => {
    failAt('commitment', 'crash after');
    const body = { customer: `reader-${number + 1}`, lines: [{ bookId: 'emma', quantity: 2 }] };
    expect((await place('crashed')).status).toBe(500);
    const again = () => send(`${orders.url}/v1/orders`, { body, headers: { 'idempotency-key': 'crashed' } });
    expect((await again()).body['type']).toBe('/problems/request-in-progress');
    await recover();
    const replayed = await again();
    expect([replayed.status, replayed.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(replayed.body).toEqual(await lastOrder());
    expect(await stock()).toMatchObject({ onHand: 3, reserved: 0 });
  });

  test('a key whose order failed for want of a service may be sent again and then places it', async () => {
    failAt('reserve', 'lost');
    const body = { customer: `reader-${number + 1}`, lines: [{ bookId: 'emma', quantity: 2 }] };
    expect((await place('tried')).status).toBe(502);
    fateOf = () => 'made';
    const second = await send(`${orders.url}/v1/orders`, { body, headers: { 'idempotency-key': 'tried' } });
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });

  test('a key is forgotten after 24 hours', async () => {
    const body = { customer: 'forgetful', lines: [{ bookId: 'emma', quantity: 1 }] };
    const once = () => send(`${orders.url}/v1/orders`, { body, headers: { 'idempotency-key': 'a-day' } });
    const first = await once();
    now += 24 * 3_600_000 - 1;
    expect((await once()).body['id']).toBe(first.body['id']);
    now += 1;
    expect((await once()).body['id']).not.toBe(first.body['id']);
  });

  test('cancelling while the inventory is gone cancels at once, and the copies return later', async () => {
    const { body } = await place();
    expect((await stock())['onHand']).toBe(3);
    fateOf = (request) => (isStep('release', request) ? 'lost' : 'made');
    const cancelled = await send(`${orders.url}/v1/orders/${String(body['id'])}/cancellation`, { method: 'POST' });
    expect([cancelled.status, cancelled.body['status']]).toEqual([200, 'CANCELLED']);
    expect((await stock())['onHand']).toBe(3);
    expect(await recover()).toBe(1);
    expect((await stock())['onHand']).toBe(5);
  });

  test('two recoveries at once take up each order once', async () => {
    for (let index = 0; index < 2; index += 1) {
      failAt('commitment', 'crash before');
      await place();
    }
    fateOf = () => 'made';
    now += 10 * 60_000;
    const taken = await Promise.all([orders.recoverOpenOrders(), orders.recoverOpenOrders()]);
    expect(taken[0] + taken[1]).toBe(2);
    expect(await stock()).toMatchObject({ onHand: 1, reserved: 0 });
  });
}
