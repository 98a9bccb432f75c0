/** Each service killed in turn: its fields are null with code, service and path, the rest stands, and it recovers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestShop, type ServiceName, type TestShop } from '../bookshop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop?.close());

const query = `{
  book(id: "madame-bovary") { title authors { id name } rating { count } reviews(first: 1) { nodes { rating } } stock }
  author(id: "gustave-flaubert") { name }
  orders(customer: "nobody") { nodes { id } }
}`;

interface Row {
  readonly killed: ServiceName;
  /** What is null while it is away. */
  readonly nulls: readonly string[];
  /** What is still there. */
  readonly stands: readonly string[];
  /** Statuses of the facade meanwhile. */
  readonly rest: Readonly<Record<string, number>>;
}

const rows: readonly Row[] = [
  {
    killed: 'catalog',
    nulls: ['book'],
    stands: ['author.name', 'orders.nodes'],
    rest: { '/rest/books/madame-bovary': 502, '/rest/books': 502, '/rest/authors/gustave-flaubert': 200 },
  },
  {
    killed: 'authors',
    nulls: ['author', 'book.authors.0.name'],
    stands: ['book.title', 'book.stock', 'book.rating.count', 'orders.nodes'],
    rest: {
      '/rest/authors/gustave-flaubert': 502,
      '/rest/authors': 502,
      '/rest/books/madame-bovary': 502,
      '/rest/books': 200,
    },
  },
  {
    killed: 'reviews',
    nulls: ['book.rating', 'book.reviews'],
    stands: ['book.title', 'book.authors.0.name', 'book.stock', 'author.name', 'orders.nodes'],
    rest: { '/rest/books/madame-bovary': 200, '/rest/books/madame-bovary/reviews': 502 },
  },
  {
    killed: 'inventory',
    nulls: ['book.stock'],
    stands: ['book.title', 'book.authors.0.name', 'book.rating.count', 'author.name', 'orders.nodes'],
    rest: { '/rest/books/madame-bovary': 200 },
  },
  {
    killed: 'orders',
    nulls: ['orders'],
    stands: ['book.title', 'book.stock', 'author.name'],
    rest: { '/rest/orders/some-order': 502, '/rest/books/madame-bovary': 200 },
  },
];

describe.each(rows)('with $killed away', ({ killed, nulls, stands, rest }) => {
  beforeAll(() => shop.stopService(killed));
  afterAll(async () => {
    if (!(await isUp())) await shop.startService(killed);
  });
  const isUp = () =>
    fetch(`${shop.serviceUrls[killed]}/health/live`).then(
      () => true,
      () => false,
    );

  it('GraphQL gives the rest, and an error with code, service and path for each null', async () => {
    const { status, data, errors } = await shop.graphql(query);
    expect(status).toBe(200);
    for (const path of nulls) expect(at(data, path), path).toBeNull();
    for (const path of stands) expect(at(data, path), path).toEqual(expect.anything());
    for (const path of nulls) {
      const error = errors!.find((candidate) => candidate.path?.join('.') === path);
      expect(error, `an error at ${path}, got ${JSON.stringify(errors)}`).toBeDefined();
      expect(error!.extensions).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', service: killed });
      expect(error!.message).toBe(`Cannot reach service "${killed}"`);
    }
  });

  it('no address, port or stack reaches the client', async () => {
    const { errors } = await shop.graphql(query);
    const text = JSON.stringify(errors);
    expect(text).not.toContain(new URL(shop.serviceUrls[killed]).port);
    expect(text).not.toContain('127.0.0.1');
    expect(text).not.toMatch(/\bat \S+ \(|stacktrace|ECONNREFUSED/);
  });

  it.each(Object.entries(rest))('GET %s answers %i', async (path, status) => {
    const response = await fetch(`${shop.url}${path}`);
    expect(response.status).toBe(status);
    const body = (await response.json()) as Record<string, unknown>;
    if (status >= 400) {
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(body).toMatchObject({ status, code: 'UPSTREAM_UNREACHABLE' });
    }
  });

  it('recovers by itself when the service returns', async () => {
    await shop.startService(killed);
    const { data, errors } = await shop.graphql(query);
    expect(errors).toBeUndefined();
    for (const path of nulls) expect(at(data, path), path).not.toBeNull();
  });
});

const at = (data: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], data);
