// What a client of the gateway sees of the fault table, over GraphQL and over REST: reviews is a raw server that a row breaks, and a
// proxy that breaks connections stands before orders.
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startTestShop, type TestShop } from '../bookshop.ts';
import { httpAnswer, startRawServer, type Answer, type RawServer } from '../upstream/raw-server.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { end, settle, silent, write } from './wire.ts';

const secret = 'secret page of 10.0.0.7';
const page = httpAnswer(`<h1>${secret}</h1>`, { headers: ['content-type: text/html'] });
const busy = (retryAfter: string) =>
  httpAnswer('{}', {
    status: '503 Service Unavailable',
    headers: ['content-type: application/json', `retry-after: ${retryAfter}`],
  });

let reviews: RawServer;
let answer: Answer;
let shop: TestShop;
let orders: FaultProxy;
beforeAll(async () => {
  reviews = await startRawServer((request, n) => answer(request, n));
  orders = await startFaultProxy({ target: () => Number(new URL(shop.serviceUrls.orders).port) });
  shop = await startTestShop({
    env: {
      REVIEWS_URL: reviews.url,
      ORDERS_URL: orders.url,
      TRIBUTARY_UPSTREAM__BREAKER__ENABLED: 'false',
      TRIBUTARY_SERVICES__REVIEWS__UPSTREAM__DEADLINE__ATTEMPT: '500ms',
      TRIBUTARY_SERVICES__REVIEWS__UPSTREAM__DEADLINE__CALL: '9s',
    },
  });
  // Five databases take long on a busy machine.
}, 240_000);
afterAll(async () => {
  await shop?.close();
  await reviews?.close();
  await orders?.close();
});
beforeEach(() => shop.resetCalls());

const query = `{ book(id: "madame-bovary") { title stock reviews(first: 2) { nodes { rating } } } }`;

interface Row {
  readonly name: string;
  readonly answer: Answer;
  readonly code: string;
  /** Of GET /rest/books/madame-bovary/reviews, which has nothing to show without the service. */
  readonly status: number;
  /** Attempts of one call: 3 where it may be repeated. */
  readonly attempts: 1 | 3;
  /** What the service said, or 1 s where asking again has a chance. */
  readonly retryAfter?: string;
}

const rows: readonly Row[] = [
  {
    name: 'F4 a reset before the answer',
    answer: ({ socket }) => socket.resetAndDestroy(),
    code: 'UPSTREAM_UNREACHABLE',
    status: 502,
    attempts: 3,
  },
  {
    name: 'F5 an answer that stops inside its body',
    answer: end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{"items":[{"rating":5'),
    code: 'UPSTREAM_TRUNCATED',
    status: 502,
    attempts: 3,
  },
  {
    name: 'F6 headers that never come',
    answer: silent,
    code: 'UPSTREAM_TIMEOUT',
    status: 504,
    attempts: 3,
    retryAfter: '1',
  },
  {
    name: 'F8 a body that never ends',
    answer: write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{"items":['),
    code: 'UPSTREAM_TIMEOUT',
    status: 504,
    attempts: 3,
    retryAfter: '1',
  },
  {
    name: 'F10 a page of HTML',
    answer: write(page),
    code: 'UPSTREAM_INVALID_RESPONSE',
    status: 502,
    attempts: 1,
  },
  {
    name: 'F11 JSON that does not parse',
    answer: write(httpAnswer('{"items":[')),
    code: 'UPSTREAM_INVALID_RESPONSE',
    status: 502,
    attempts: 1,
  },
  {
    name: 'F13 70 KB of headers',
    answer: write(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(70_000)}\r\ncontent-length: 2\r\n\r\n{}`),
    code: 'UPSTREAM_TOO_LARGE',
    status: 502,
    attempts: 1,
  },
  {
    name: 'F20 503 with a Retry-After of an hour',
    answer: write(busy('3600')),
    code: 'CONNECTOR_FETCH',
    status: 503,
    attempts: 1,
    retryAfter: '3600',
  },
];

describe.each(rows)('$name', ({ answer: fault, code, status, attempts, retryAfter }) => {
  beforeEach(() => {
    answer = fault;
  });

  test(`GraphQL: ${code} at the field, the rest of the book, and not a byte of the service`, async () => {
    const { status: graphqlStatus, data, errors } = await shop.graphql(query);
    expect(graphqlStatus).toBe(200);
    expect(data.book).toMatchObject({ title: 'Madame Bovary', stock: expect.any(Number), reviews: null });
    expect(errors).toMatchObject([{ path: ['book', 'reviews'], extensions: { code, service: 'reviews' } }]);
    if (code === 'CONNECTOR_FETCH') expect(errors![0]!.extensions['retryAfterMs']).toBe(Number(retryAfter) * 1000);
    expect(JSON.stringify(errors)).not.toContain(secret);
    expect(JSON.stringify(errors)).not.toContain('127.0.0.1');
    expect(shop.countCalls()['reviews']).toBe(attempts);
  });

  test(`REST: ${status} with a problem document`, async () => {
    const response = await fetch(`${shop.url}/rest/books/madame-bovary/reviews`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('retry-after')).toBe(retryAfter ?? null);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status, service: 'reviews' });
    expect(text).not.toContain(secret);
    expect(text).not.toContain('127.0.0.1');
    expect(shop.countCalls()['reviews']).toBe(attempts);
  });
});

describe('F35 a client that leaves', () => {
  test.each([
    [
      'POST /graphql',
      (signal: AbortSignal) =>
        fetch(`${shop.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: `{ book(id: "madame-bovary") { reviews(first: 3) { nodes { rating } } } }` }),
          signal,
        }),
    ],
    ['GET /rest', (signal: AbortSignal) => fetch(`${shop.url}/rest/books/madame-bovary/reviews?first=3`, { signal })],
  ])(
    '%s: the connection to the service is closed before any time limit, and nothing is sent again',
    async (_name, ask) => {
      let isClosed = false;
      const asked = new Promise<void>((resolve) => {
        answer = ({ socket }) => {
          socket.on('close', () => (isClosed = true));
          resolve();
        };
      });
      const client = new AbortController();
      const left = ask(client.signal).catch((error: Error) => error.name);
      await asked;
      client.abort();
      expect(await left).toBe('AbortError');
      while (!isClosed) await settle(1);
      await settle();
      expect(shop.countCalls()['reviews']).toBe(1);
    },
  );
});

describe('F21 an order whose answer is lost between the gateway and orders is placed once', () => {
  const stockOf = async () => {
    const response = await fetch(`${shop.serviceUrls.inventory}/v1/stock/le-petit-prince`);
    return (await response.json()) as { onHand: number; reserved: number };
  };
  const countOrders = async (customer: string) => {
    const { data } = await shop.graphql(`query($c: ID!) { orders(customer: $c) { nodes { id } } }`, { c: customer });
    return data.orders.nodes.length as number;
  };

  test.each(['cut', 'reset', 'flip'] as const)(
    '%s: the client asks again under its key, and gets its order',
    async (kind) => {
      onTestFinished(() => orders.use([]));
      await fetch(`${shop.serviceUrls.inventory}/v1/stock/le-petit-prince`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ onHand: 9 }),
      });
      const place = async () => {
        const response = await fetch(`${shop.url}/rest/orders`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': `lost-${kind}` },
          body: JSON.stringify({ customer: kind, lines: [{ bookId: 'le-petit-prince', quantity: 2 }] }),
        });
        return { status: response.status, body: (await response.json()) as Record<string, unknown> };
      };
      orders.use([{ kind, bytes: 10_000 }]);
      expect((await place()).status).toBe(502);
      orders.use([]);
      const { status, body } = await place();
      expect(status).toBe(201);
      expect(body).toMatchObject({ status: 'CONFIRMED' });
      expect(await stockOf()).toMatchObject({ onHand: 7, reserved: 0 });
      expect(await countOrders(kind)).toBe(1);
    },
  );
});
