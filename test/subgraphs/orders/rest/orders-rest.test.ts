/** The REST API of the orders, request by request, every answer held against the contract. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Service } from '../../../../subgraphs/chassis/create-service.ts';
import { createInventoryService } from '../../../../subgraphs/inventory/service.ts';
import { createOrdersService } from '../../../../subgraphs/orders/service.ts';
import { createContractClient, type ClientRequest } from '../../contract-client.ts';
import { send, startCatalog, startStandIn, type StandIn } from '../stand-ins.ts';

let catalog: StandIn;
let inventory: Service;
let service: Service;
let time = Date.UTC(2026, 4, 4, 9);
const faults: unknown[] = [];
const client = createContractClient('orders', () => service.url);

beforeAll(async () => {
  catalog = await startCatalog({ emma: '12.90', faust: '0.05', atlas: '999.99', 'dollar-book': '10.00' });
  inventory = await createInventoryService({ storage: { kind: 'ephemeral' }, isSeeded: false });
  await inventory.listen({ port: 0 });
  service = await createOrdersService({
    storage: { kind: 'ephemeral' },
    isSeeded: true,
    services: { catalogUrl: `${catalog.url}/`, inventoryUrl: inventory.url },
    now: () => new Date((time += 1_000)),
    onError: (error) => faults.push(error),
    isCheckingAnswers: true,
  });
  await service.listen({ port: 0 });
});

afterAll(async () => {
  await service.close();
  await inventory.close();
  await catalog.close();
  expect(faults).toEqual([]);
});

beforeEach(async () => {
  for (const book of ['emma', 'faust', 'atlas', 'dollar-book']) await putStock(book, 10);
});

const putStock = (book: string, onHand: number) =>
  send(`${inventory.url}/v1/stock/${book}`, { method: 'PUT', body: { onHand } });
const stockOf = async (book: string) => (await send(`${inventory.url}/v1/stock/${book}`)).body;
const line = (bookId: string, quantity = 1) => ({ bookId, quantity });
const place = (customer: string, lines: readonly object[], headers: Record<string, string> = {}) =>
  client.send({ method: 'POST', path: '/v1/orders', body: { customer, lines }, headers });
const get = (path: string, headers: Record<string, string> = {}) => client.send({ path, headers });
const post = (path: string) => client.send({ method: 'POST', path });

describe('POST /v1/orders', () => {
  test('answers 201 with Location, ETag, prices of now, the exact total and what may be done next', async () => {
    const { status, headers, body } = await place('anna', [line('emma', 2), line('faust', 3)]);
    expect([status, headers.get('location'), headers.get('idempotency-replayed')]).toEqual([
      201,
      `/v1/orders/${String(body['id'])}`,
      null,
    ]);
    expect(body).toMatchObject({
      status: 'CONFIRMED',
      customer: 'anna',
      lines: [
        { bookId: 'emma', quantity: 2, unitPrice: '12.90' },
        { bookId: 'faust', quantity: 3, unitPrice: '0.05' },
      ],
      total: '25.95',
      currency: 'EUR',
      actions: ['CANCEL', 'SHIP'],
    });
    expect(headers.get('etag')).toBe(`"${String(body['version'])}"`);
    expect(await stockOf('emma')).toMatchObject({ onHand: 8, reserved: 0 });
  });

  test('answers 409 out-of-stock with the book and what there is, and holds nothing', async () => {
    const { status, body } = await place('anna', [line('emma', 1), line('faust', 11)]);
    expect([status, body]).toMatchObject([409, { type: '/problems/out-of-stock', bookId: 'faust', available: 10 }]);
    const refused = await get(`/v1/orders/${(body['order'] as { id: string }).id}`);
    expect(refused.body).toMatchObject({ status: 'REFUSED', actions: [], refusal: { reason: 'out-of-stock' } });
    expect(await stockOf('emma')).toMatchObject({ onHand: 10, reserved: 0 });
  });

  test('answers 422 unknown-book, points at the line, and asks the inventory for nothing', async () => {
    const { status, body } = await place('anna', [line('emma'), line('no-such-book')]);
    expect([status, body]).toMatchObject([
      422,
      { type: '/problems/unknown-book', bookId: 'no-such-book', errors: [{ pointer: '/lines/1/bookId' }] },
    ]);
    expect(await stockOf('emma')).toMatchObject({ onHand: 10, reserved: 0 });
  });

  test('answers 402 with the reasons when the amount is not authorized, and lets the copies go', async () => {
    const { status, body } = await place('rich', [line('atlas', 2)]);
    expect([status, body]).toMatchObject([402, { type: '/problems/authorization-refused' }]);
    expect(body['reasons']).toEqual(['One order may come to 1000.00 EUR, this one comes to 1999.98 EUR']);
    expect(await stockOf('atlas')).toMatchObject({ onHand: 10, reserved: 0 });
  });

  test('counts what is open: the fourth order of 999.99 is refused, a shipped one makes room', async () => {
    const placed = [];
    for (let index = 0; index < 3; index += 1) placed.push(await place('collector', [line('atlas')]));
    expect(placed.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect((await place('collector', [line('atlas')])).status).toBe(402);
    await post(`/v1/orders/${String(placed[0]!.body['id'])}/shipment`);
    expect((await place('collector', [line('atlas')])).status).toBe(201);
  });

  test('10 orders of 999.99 at once of one customer: 3 fit below the limit, not one more', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => place('eager', [line('atlas')])));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 402)).toHaveLength(7);
    expect(await stockOf('atlas')).toMatchObject({ onHand: 7, reserved: 0 });
  });

  test('answers 402 to a customer on hold', async () => {
    expect((await place('customer-on-hold', [line('emma')])).body['reasons']).toEqual(['The customer is on hold']);
  });

  test('answers 422 when the prices are in two currencies', async () => {
    const { status, body } = await place('anna', [line('emma'), line('dollar-book')]);
    expect([status, body['errors']]).toMatchObject([422, [{ pointer: '/lines/1/bookId' }]]);
  });
});

describe('Idempotency-Key', () => {
  test('the same key and order answer the same, word for word, also after the order has changed', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const first = await place('keyed', [line('emma')], key);
    await post(`/v1/orders/${String(first.body['id'])}/shipment`);
    const second = await place('keyed', [line('emma')], key);
    expect(second.text).toBe(first.text);
    for (const name of ['location', 'etag']) expect(second.headers.get(name)).toBe(first.headers.get(name));
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect((await get('/v1/orders?customer=keyed')).body['total']).toBe(1);
  });

  test('a refusal is answered again as well, though there would be stock now', async () => {
    const key = { 'idempotency-key': 'k-2' };
    const first = await place('keyed', [line('emma', 11)], key);
    await putStock('emma', 100);
    const second = await place('keyed', [line('emma', 11)], key);
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([409, 'true']);
    expect({ ...second.body, instance: '' }).toEqual({ ...first.body, instance: '' });
  });

  test('the same key with another order answers 422', async () => {
    const key = { 'idempotency-key': 'k-3' };
    await place('keyed', [line('emma')], key);
    const second = await place('keyed', [line('emma', 2)], key);
    expect([second.status, second.body['type']]).toEqual([422, '/problems/idempotency-key-reused']);
  });
});

describe('an order', () => {
  test('GET answers 200, then 304 to its tag', async () => {
    const { body } = await place('reader', [line('emma')]);
    const path = `/v1/orders/${String(body['id'])}`;
    const read = await get(path);
    expect(read.body).toEqual(body);
    expect((await get(path, { 'if-none-match': read.headers.get('etag')! })).status).toBe(304);
  });

  test('is cancelled once: its copies return, again the same answer, and it cannot be shipped', async () => {
    const { body } = await place('reader', [line('emma', 4)]);
    const path = `/v1/orders/${String(body['id'])}`;
    expect((await stockOf('emma'))['onHand']).toBe(6);
    const cancelled = await post(`${path}/cancellation`);
    expect([cancelled.status, cancelled.body]).toMatchObject([200, { status: 'CANCELLED', actions: [] }]);
    expect((await post(`${path}/cancellation`)).text).toBe(cancelled.text);
    expect((await stockOf('emma'))['onHand']).toBe(10);
    const shipped = await post(`${path}/shipment`);
    expect([shipped.status, shipped.body]).toMatchObject([
      409,
      { type: '/problems/not-shippable', orderStatus: 'CANCELLED' },
    ]);
  });

  test('that is shipped cannot be cancelled', async () => {
    const { body } = await place('reader', [line('emma')]);
    const path = `/v1/orders/${String(body['id'])}`;
    const shipped = await post(`${path}/shipment`);
    expect([shipped.status, shipped.body['status']]).toEqual([200, 'SHIPPED']);
    expect((await post(`${path}/shipment`)).text).toBe(shipped.text);
    const answer = await post(`${path}/cancellation`);
    expect([answer.status, answer.body]).toMatchObject([
      409,
      { type: '/problems/not-cancellable', orderStatus: 'SHIPPED' },
    ]);
  });

  test('GET /v1/orders?customer= pages, newest first', async () => {
    const placed: unknown[] = [];
    for (let index = 0; index < 3; index += 1) placed.push((await place('pager', [line('faust')])).body['id']);
    const first = await get('/v1/orders?customer=pager&first=2');
    const idsOf = ({ body }: typeof first) => (body['items'] as { id: string }[]).map(({ id }) => id);
    expect(idsOf(first)).toEqual([placed[2], placed[1]]);
    expect(first.body['total']).toBe(3);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link')!)![1]!;
    expect(idsOf(await get(next))).toEqual([placed[0]]);
    expect((await get('/v1/orders?customer=nobody')).body).toMatchObject({ items: [], total: 0 });
  });
});

describe('authorizations', () => {
  const ask = (customer: string, amount: string) =>
    client.send({ method: 'POST', path: '/v1/authorizations', body: { customer, amount, currency: 'EUR' } });

  test('POST decides, says why, and keeps the decision', async () => {
    const granted = await ask('asker', '1000.00');
    expect([granted.status, granted.body]).toMatchObject([
      201,
      { decision: 'GRANTED', reasons: [], amount: '1000.00' },
    ]);
    const refused = await ask('asker', '1000.01');
    expect(refused.body).toMatchObject({
      decision: 'REFUSED',
      reasons: [{ rule: 'amount-limit' }],
      history: { openAmount: '0.00', refusalsInADay: 0, isOnHold: false },
    });
    expect((await get(refused.headers.get('location')!)).body).toEqual(refused.body);
  });

  test('the decision about an order can be read, with the order it was for', async () => {
    const { body } = await place('asker', [line('emma')]);
    const { id } = body['authorization'] as { id: string };
    expect((await get(`/v1/authorizations/${id}`)).body).toMatchObject({
      decision: 'GRANTED',
      amount: '12.90',
      order: { id: body['id'] },
    });
  });

  test('after six refusals within a day the seventh is refused for that alone', async () => {
    for (let index = 0; index < 6; index += 1) await place('stubborn', [line('atlas', 2)]);
    expect((await ask('stubborn', '1.00')).body['reasons']).toEqual([
      { rule: 'too-many-refusals', detail: '6 orders were refused within a day' },
    ]);
  });
});

interface Refusal extends ClientRequest {
  readonly name: string;
  readonly status: number;
  readonly type: string;
}

const order = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  path: '/v1/orders',
  body,
  headers,
});
const valid = { customer: 'anna', lines: [line('emma')] };
const invalid = { status: 422, type: 'validation' };
const wrong = { status: 400, type: 'invalid-parameter' };
const missing = { status: 404, type: 'not-found' };
const cursorOf = (...values: unknown[]): string =>
  Buffer.from(JSON.stringify(['newest-orders', ...values])).toString('base64url');
const authorization = (change: object) => ({
  method: 'POST',
  path: '/v1/authorizations',
  body: { customer: 'anna', amount: '1.00', currency: 'EUR', ...change },
});

const refusals: readonly Refusal[] = [
  { name: 'POST no lines', ...order({ ...valid, lines: [] }), ...invalid },
  { name: 'POST a book twice', ...order({ ...valid, lines: [line('emma'), line('emma')] }), ...invalid },
  { name: 'POST a quantity of 0', ...order({ ...valid, lines: [line('emma', 0)] }), ...invalid },
  { name: 'POST a quantity of 101', ...order({ ...valid, lines: [line('emma', 101)] }), ...invalid },
  { name: 'POST a malformed book', ...order({ ...valid, lines: [line('a b')] }), ...invalid },
  { name: 'POST a price', ...order({ ...valid, lines: [{ ...line('emma'), unitPrice: '0.01' }] }), ...invalid },
  { name: 'POST a blank customer', ...order({ ...valid, customer: ' ' }), ...invalid },
  { name: 'POST a customer with a null byte', ...order({ ...valid, customer: 'a\u0000b' }), ...invalid },
  { name: 'POST null', ...order('null'), ...invalid },
  { name: 'POST broken JSON', ...order('{'), status: 400, type: 'malformed-body' },
  { name: 'POST nothing', ...order(undefined), status: 400, type: 'missing-body' },
  { name: 'POST 10 MB', ...order({ ...valid, note: 'x'.repeat(10_000_000) }), status: 413, type: 'body-too-large' },
  { name: 'POST XML', ...order('<o/>', { 'content-type': 'text/xml' }), status: 415, type: 'unsupported-media-type' },
  { name: 'POST for XML', ...order(valid, { accept: 'text/xml' }), status: 406, type: 'not-acceptable' },
  { name: 'POST with an empty key', ...order(valid, { 'idempotency-key': '' }), ...wrong },
  { name: 'POST with a key of 256', ...order(valid, { 'idempotency-key': 'k'.repeat(256) }), ...wrong },
  { name: 'POST with a key of two words', ...order(valid, { 'idempotency-key': 'k 1' }), ...wrong },
  { name: 'GET orders of nobody', path: '/v1/orders', ...wrong },
  { name: 'GET ?first=101', path: '/v1/orders?customer=a&first=101', ...wrong },
  { name: 'GET ?status=', path: '/v1/orders?customer=a&status=OPEN', status: 400, type: 'unknown-parameter' },
  { name: 'GET a broken cursor', path: '/v1/orders?customer=a&after=x', status: 400, type: 'invalid-cursor' },
  {
    name: 'GET a cursor of the year 0',
    path: `/v1/orders?customer=a&after=${cursorOf('0000-01-01T00:00:00.000Z', 'x')}`,
    status: 400,
    type: 'invalid-cursor',
  },
  { name: 'GET an unknown order', path: '/v1/orders/none', ...missing },
  { name: 'GET a malformed id', path: '/v1/orders/a%00', ...wrong },
  { name: 'POST cancellation of an unknown order', method: 'POST', path: '/v1/orders/none/cancellation', ...missing },
  { name: 'POST shipment of an unknown order', method: 'POST', path: '/v1/orders/none/shipment', ...missing },
  { name: 'GET an unknown authorization', path: '/v1/authorizations/none', ...missing },
  { name: 'POST an amount below zero', ...authorization({ amount: '-1' }), ...invalid },
  { name: 'POST an amount as a number', ...authorization({ amount: 1 }), ...invalid },
  { name: 'POST a tenth of a cent', ...authorization({ amount: '1.001' }), ...invalid },
  { name: 'POST no such currency', ...authorization({ currency: 'Euro' }), ...invalid },
  { name: 'POST an authorization for nobody', ...authorization({ customer: '' }), ...invalid },
  { name: 'DELETE an order', method: 'DELETE', path: '/v1/orders/x', status: 405, type: 'method-not-allowed' },
];

describe('refusals', () => {
  test.each(refusals)('$name answers $status $type', async ({ status, type, name: _name, ...request }) => {
    const answer = await client.send(request);
    expect([answer.status, answer.body['type']]).toEqual([status, `/problems/${type}`]);
    expect([answer.headers.get('location'), answer.headers.get('etag')]).toEqual([null, null]);
  });
});

describe('a catalog that fails', () => {
  const placeWith = async (catalogUrl: string, placingTimeoutMs = 25_000) => {
    const failing = await createOrdersService({
      storage: { kind: 'ephemeral' },
      isSeeded: false,
      services: { catalogUrl, inventoryUrl: inventory.url },
      placingTimeoutMs,
    });
    await failing.listen({ port: 0 });
    const answer = await createContractClient('orders', () => failing.url).send(order(valid));
    const list = await send(`${failing.url}/v1/orders?customer=anna`);
    await failing.close();
    return [answer.status, answer.body['type'], answer.headers.get('retry-after'), list.body['total']];
  };

  test('that nobody answers for: 502, and there is no order', async () => {
    const gone = await startStandIn(() => undefined);
    await gone.close();
    expect(await placeWith(gone.url)).toEqual([502, '/problems/service-unreachable', '1', 0]);
  });

  test('that answers 500, or what is no list of books: 502', async () => {
    for (const answer of [
      { status: 500, body: {} },
      { status: 200, body: { items: [{ id: 'emma' }] } },
    ]) {
      const broken = await startStandIn(() => answer);
      expect(await placeWith(broken.url)).toEqual([502, '/problems/service-unreachable', '1', 0]);
      await broken.close();
    }
  });

  test('that is silent: 504 when the time for placing is over', async () => {
    const { createServer } = await import('node:http');
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    const { port } = await new Promise<{ port: number }>((resolve) =>
      silent.once('listening', () => resolve(silent.address() as { port: number })),
    );
    const [status, type] = await placeWith(`http://127.0.0.1:${port}`, 300);
    expect([status, type]).toEqual([504, '/problems/service-timeout']);
    silent.closeAllConnections();
    silent.close();
  });
});

describe('sales reports', () => {
  test('are asked for with 202, and read where Location says once they are made', async () => {
    await place('reader', [line('emma', 2)]);
    const body = { from: '2026-05-01T00:00:00Z', until: '2026-06-01T00:00:00Z' };
    const asked = await client.send({ method: 'POST', path: '/v1/sales-reports', body });
    const at = String(asked.headers.get('location'));
    expect([asked.status, at, asked.headers.get('retry-after')]).toEqual([
      202,
      `/v1/sales-reports/${String(asked.body['id'])}`,
      '1',
    ]);
    await expect.poll(async () => (await get(at)).body['status']).toBe('SUCCEEDED');
    const { headers, body: report } = await get(at);
    expect(headers.get('retry-after')).toBeNull();
    expect(report).toMatchObject({ progress: 100, from: '2026-05-01T00:00:00.000Z' });
    expect(report['books']).toContainEqual({ bookId: 'emma', copies: expect.any(Number) as number });
  });

  test('answer 422 for a period that is none, and 404 for what is not there', async () => {
    const body = { from: '2026-05-01T00:00:00Z', until: '2026-05-01T00:00:00Z' };
    const refused = await client.send({ method: 'POST', path: '/v1/sales-reports', body });
    expect([refused.status, refused.body['errors']]).toEqual([
      422,
      [{ pointer: '/until', detail: 'A period ends after it has begun' }],
    ]);
    expect((await get('/v1/sales-reports/none')).status).toBe(404);
  });
});

test('every success of the contract has been answered', () => {
  expect(client.unseen()).toEqual([]);
});
