/** The subgraph of orders over HTTP: the same use cases as REST, with what the business refuses as data. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Service } from '../../../../subgraphs/chassis/create-service.ts';
import { createInventoryService } from '../../../../subgraphs/inventory/service.ts';
import type { Orders } from '../../../../subgraphs/orders/application/orders.ts';
import { createLoaders } from '../../../../subgraphs/orders/graphql/loaders.ts';
import { createOrdersService } from '../../../../subgraphs/orders/service.ts';
import { send, startCatalog, type StandIn } from '../stand-ins.ts';

let catalog: StandIn;
let inventory: Service;
let service: Service;
const faults: unknown[] = [];

beforeAll(async () => {
  catalog = await startCatalog({ emma: '12.90', faust: '0.05', atlas: '999.99' });
  inventory = await createInventoryService({ storage: { kind: 'ephemeral' }, isSeeded: false });
  await inventory.listen({ port: 0 });
  service = await createOrdersService({
    storage: { kind: 'ephemeral' },
    isSeeded: true,
    services: { catalogUrl: catalog.url, inventoryUrl: inventory.url },
    onError: (error) => faults.push(error),
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
  for (const book of ['emma', 'faust', 'atlas']) {
    await send(`${inventory.url}/v1/stock/${book}`, { method: 'PUT', body: { onHand: 10 } });
  }
});

interface GraphQLAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path?: unknown; extensions: Record<string, unknown> }[];
}

const ask = async (query: string, variables: object = {}): Promise<GraphQLAnswer> => {
  const { status, body } = await send(`${service.url}/graphql`, { body: { query, variables } });
  expect(status).toBe(200);
  return body as GraphQLAnswer;
};

const PLACE = `mutation($input: OrderInput!, $key: String) {
  placeOrder(input: $input, idempotencyKey: $key) {
    __typename
    ... on Problem { message }
    ... on Order { id status customer total currency version actions placedAt lines { quantity unitPrice book { id } } }
    ... on OutOfStock { bookId available }
    ... on UnknownBook { bookId }
    ... on AuthorizationRefused { reasons }
  }
}`;
const place = async (customer: string, lines: readonly object[], key?: string) => {
  const answer = await ask(PLACE, { input: { customer, lines }, key });
  return { ...answer, result: (answer.data?.['placeOrder'] ?? {}) as Record<string, unknown> };
};
const line = (bookId: string, quantity = 1) => ({ bookId, quantity });
const restOrder = async (id: unknown) => (await send(`${service.url}/v1/orders/${String(id)}`)).body;

describe('placeOrder', () => {
  test('gives the order that REST gives, too', async () => {
    const { result } = await place('anna', [line('emma', 2), line('faust')]);
    expect(result).toMatchObject({
      __typename: 'Order',
      status: 'CONFIRMED',
      total: '25.85',
      currency: 'EUR',
      actions: ['CANCEL', 'SHIP'],
      lines: [
        { quantity: 2, unitPrice: '12.90', book: { id: 'emma' } },
        { quantity: 1, unitPrice: '0.05', book: { id: 'faust' } },
      ],
    });
    const { status, total, version, placedAt } = await restOrder(result['id']);
    expect(result).toMatchObject({ status, total, version, placedAt });
  });

  test('gives what is refused as data', async () => {
    expect((await place('anna', [line('emma', 11)])).result).toEqual({
      __typename: 'OutOfStock',
      message: 'Only 10 of "emma" can be had',
      bookId: 'emma',
      available: 10,
    });
    expect((await place('anna', [line('none')])).result).toMatchObject({ __typename: 'UnknownBook', bookId: 'none' });
    expect((await place('anna', [line('atlas', 2)])).result).toMatchObject({
      __typename: 'AuthorizationRefused',
      reasons: ['One order may come to 1000.00 EUR, this one comes to 1999.98 EUR'],
    });
  });

  test('gives the same order for the same key, also when REST placed it', async () => {
    const input = { customer: 'keyed', lines: [line('emma')] };
    const rest = await send(`${service.url}/v1/orders`, { body: input, headers: { 'idempotency-key': 'both-faces' } });
    expect((await place('keyed', [line('emma')], 'both-faces')).result['id']).toBe(rest.body['id']);
    const { errors } = await place('keyed', [line('emma', 2)], 'both-faces');
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', errors: [{ pointer: '/idempotencyKey' }] });
  });

  test('points at bad input', async () => {
    const { errors, data } = await place('', [line('emma', 0), line('emma')]);
    expect(data).toEqual({ placeOrder: null });
    expect(errors![0]!.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      errors: [
        { pointer: '/input/customer' },
        { pointer: '/input/lines/0/quantity' },
        { pointer: '/input/lines/1/bookId' },
      ],
    });
    const { errors: keyErrors } = await place('anna', [line('emma')], 'two words');
    expect(keyErrors![0]!.extensions).toMatchObject({ errors: [{ pointer: '/idempotencyKey' }] });
  });
});

describe('cancelOrder', () => {
  const cancel = async (id: unknown) => {
    const query = `mutation($id: ID!) {
      cancelOrder(id: $id) { __typename ... on Order { id status } ... on NotCancellable { message status } }
    }`;
    return (await ask(query, { id })).data!['cancelOrder'];
  };

  test('cancels, again the same; null for an unknown order; NotCancellable once it is shipped', async () => {
    const { id } = (await place('anna', [line('emma')])).result;
    const cancelled = { __typename: 'Order', id, status: 'CANCELLED' };
    expect([await cancel(id), await cancel(id)]).toEqual([cancelled, cancelled]);
    expect([await cancel('none'), await cancel('no id at all!')]).toEqual([null, null]);
    const { id: shipped } = (await place('anna', [line('emma')])).result;
    await send(`${service.url}/v1/orders/${String(shipped)}/shipment`, { method: 'POST' });
    expect(await cancel(shipped)).toEqual({
      __typename: 'NotCancellable',
      message: 'An order that is SHIPPED cannot be cancelled',
      status: 'SHIPPED',
    });
  });
});

describe('sales reports', () => {
  test('a job leads to the report, and the report to its books', async () => {
    await place('reader', [line('emma', 2)]);
    const hour = (ms: number) => new Date(Date.now() + ms).toISOString();
    const day = { from: hour(-3_600_000), until: hour(3_600_000) };
    const start =
      'mutation($from: DateTime!, $until: DateTime!) { startSalesReport(from: $from, until: $until) { id status } }';
    const { data } = await ask(start, day);
    const { id } = data!['startSalesReport'] as { id: string };
    const job = async () =>
      (await ask('query($id: ID!) { reportJob(id: $id) { status progress resultId error } }', { id })).data![
        'reportJob'
      ];
    await expect.poll(job).toEqual({ status: 'SUCCEEDED', progress: 100, resultId: id, error: null });
    const report =
      'query($id: ID!) { salesReport(id: $id) { id from orders revenue { amount } books { copies book { id } } } }';
    expect((await ask(report, { id })).data!['salesReport']).toEqual({
      id,
      from: day.from,
      orders: expect.any(Number) as number,
      revenue: [{ amount: expect.stringMatching(/^\d+\.\d\d$/) as string }],
      books: expect.arrayContaining([{ copies: expect.any(Number) as number, book: { id: 'emma' } }]) as unknown,
    });
    const { errors } = await ask(start, { ...day, until: 'never' });
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', errors: [{ pointer: '/until' }] });
    expect((await ask('{ reportJob(id: "a b") { id } salesReport(id: "none") { id } }')).data).toEqual({
      reportJob: null,
      salesReport: null,
    });
  });
});

describe('order and orders', () => {
  test('order(id) is null for what is not there and for what cannot be an id', async () => {
    const { data, errors } = await ask('{ a: order(id: "none") { id } b: order(id: "a\\u0000b") { id } }');
    expect([data, errors]).toEqual([{ a: null, b: null }, undefined]);
  });

  test('orders(customer) pages, newest first', async () => {
    const ids: unknown[] = [];
    for (let index = 0; index < 3; index += 1) ids.push((await place('pager', [line('faust')])).result['id']);
    const query = `query($after: String) {
      orders(customer: "pager", first: 2, after: $after) { nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount }
    }`;
    const first = (await ask(query)).data!['orders'] as { pageInfo: { endCursor: string } };
    expect(first).toMatchObject({
      nodes: [{ id: ids[2] }, { id: ids[1] }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
      totalCount: 3,
    });
    const second = (await ask(query, { after: first.pageInfo.endCursor })).data!['orders'];
    expect(second).toMatchObject({ nodes: [{ id: ids[0] }], pageInfo: { hasNextPage: false, hasPreviousPage: true } });
  });

  test.each([
    ['first: 101', '/first'],
    ['first: -1', '/first'],
    ['after: "x"', '/after'],
  ])('orders(%s) is bad input and points at %s', async (argument, pointer) => {
    const { errors } = await ask(`{ orders(customer: "pager", ${argument}) { totalCount } }`);
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', errors: [{ pointer }] });
  });

  test('orders of an impossible customer are none', async () => {
    const { data } = await ask('{ orders(customer: "a\\u0000b") { nodes { id } totalCount } }');
    expect(data).toEqual({ orders: { nodes: [], totalCount: 0 } });
  });

  test('_entities resolves orders in the order asked, null for unknown ones', async () => {
    const { id } = (await place('anna', [line('emma')])).result;
    const query = 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Order { id total } } }';
    const representations = ['none', id, id].map((key) => ({ __typename: 'Order', id: key }));
    const { data } = await ask(query, { r: representations });
    expect(data!['_entities']).toEqual([null, { id, total: '12.90' }, { id, total: '12.90' }]);
  });
});

describe('createLoaders', () => {
  test('asks once for all orders of a request, and not for what cannot be one', async () => {
    const asked: (readonly string[])[] = [];
    const orders: Pick<Orders, 'findMany'> = {
      findMany: async (ids) => {
        asked.push(ids);
        return [];
      },
    };
    const { order } = createLoaders(orders);
    expect(await Promise.all(['a', 'b', 'a', '\u0000'].map((id) => order.load(id)))).toEqual([null, null, null, null]);
    expect(asked).toEqual([['a', 'b']]);
  });
});

describe('POST /graphql', () => {
  const post = (body: string | Uint8Array | undefined, headers: Record<string, string>, method = 'POST') =>
    fetch(`${service.url}/graphql`, { method, headers, ...(body === undefined ? {} : { body: body as string }) });
  const json = { 'content-type': 'application/json' };

  test.each([
    ['broken JSON', '{', json, 400],
    ['bad UTF-8', new Uint8Array([0x22, 0xff, 0x22]), json, 400],
    ['a list', '[]', json, 400],
    ['text', '{ orders }', { 'content-type': 'application/graphql' }, 415],
  ])('answers %s with a GraphQL error', async (_name, body, headers, status) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect(((await response.json()) as GraphQLAnswer).errors![0]!.extensions['code']).toBe('BAD_REQUEST');
  });

  test('answers 10 MB with 413, and GET with 405 and Allow', async () => {
    expect((await post(JSON.stringify({ query: ' '.repeat(10_000_000) }), json)).status).toBe(413);
    const get = await post(undefined, {}, 'GET');
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('an inventory that cannot be reached', () => {
  test('is a GraphQL error that names the service, and the order is undone', async () => {
    const alone = await createOrdersService({
      storage: { kind: 'ephemeral' },
      isSeeded: false,
      services: { catalogUrl: catalog.url, inventoryUrl: 'http://127.0.0.1:1' },
    });
    await alone.listen({ port: 0 });
    const input = { customer: 'anna', lines: [line('emma')] };
    const { body } = await send(`${alone.url}/graphql`, { body: { query: PLACE, variables: { input } } });
    const [error] = (body as GraphQLAnswer).errors!;
    expect(error).toMatchObject({
      path: ['placeOrder'],
      extensions: { code: 'UPSTREAM_UNREACHABLE', service: 'inventory', retryable: true },
    });
    expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|upstream|stack/);
    const list = await send(`${alone.url}/v1/orders?customer=anna`);
    expect(list.body['items']).toMatchObject([{ status: 'REFUSED', refusal: { reason: 'service-unavailable' } }]);
    await alone.close();
  });
});
