/**
 * The bookshop's graph for tests of the facade: its API schema, and resolvers over a few rows in memory. Any field can be made to fail.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, execute, GraphQLError } from 'graphql';
import {
  createFacade,
  type Facade,
  type FacadeOperation,
  type FacadeOptions,
  type FacadeRequest,
  type FacadeResponse,
} from '../../gateway/facade/index.ts';
import { expectDescribed } from './openapi/expect-described.ts';

const folder = new URL('../../schema/', import.meta.url);

const readFolder = (path: string) =>
  readdirSync(new URL(path, folder))
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => ({ file: `schema/${path}${name}`, text: readFileSync(new URL(path + name, folder), 'utf8') }));

/** The committed route documents of the current version, and of the old one. */
export const documents = readFolder('rest/v2/');
export const oldDocuments = readFolder('rest/v1/');

/** The API schema of the bookshop, as it is generated and committed. */
export const schema = buildSchema(readFileSync(new URL('api.graphql', folder), 'utf8'));

/** An error as a connector gives it. */
export const upstreamError = (extensions: Record<string, unknown>, message = 'Request failed') =>
  new GraphQLError(message, { extensions });

interface Row {
  [name: string]: unknown;
}

/** The rows, what was executed, and the failures to inject, by `Type.field`. */
export interface World {
  readonly books: Map<string, Row>;
  readonly reviews: Map<string, Row>;
  readonly orders: Map<string, Row>;
  readonly failures: Map<string, GraphQLError>;
  readonly executed: FacadeOperation[];
}

const flaubert = {
  __typename: 'Author',
  id: 'gustave-flaubert',
  name: 'Gustave Flaubert',
  firstName: 'Gustave',
  lastName: 'Flaubert',
  birthYear: 1821,
  deathYear: 1880,
};

function createWorld(): World {
  const books = new Map<string, Row>();
  const titles = ['Madame Bovary', 'Salammbô', 'Trois contes'];
  for (const [i, title] of titles.entries()) {
    const id = title
      .toLowerCase()
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .replaceAll(' ', '-');
    books.set(id, {
      __typename: 'Book',
      id,
      title,
      year: 1857 + i,
      language: 'fr',
      genre: 'novel',
      isbn: null,
      price: '12.90',
      currency: 'EUR',
      version: 3,
    });
  }
  const review = {
    __typename: 'Review',
    id: 'r1',
    rating: 5,
    text: 'Read it twice',
    reader: 'emma',
    createdAt: '2026-01-02T03:04:05Z',
    updatedAt: null,
    version: 1,
    bookId: 'madame-bovary',
  };
  const order = {
    __typename: 'Order',
    id: 'o1',
    status: 'CONFIRMED',
    customer: 'emma',
    total: '25.80',
    currency: 'EUR',
    placedAt: '2026-01-02T03:04:05Z',
    version: 2,
    actions: ['CANCEL'],
  };
  return {
    books,
    reviews: new Map([['r1', review]]),
    orders: new Map([['o1', order]]),
    failures: new Map(),
    executed: [],
  };
}

const page = <Item>(items: readonly Item[], { first = 20, after }: { first?: number; after?: string }) => {
  if (after !== undefined && !/^\d+$/.test(after)) {
    const errors = [{ parameter: 'after', detail: 'The cursor does not read', code: 'invalid' }];
    throw upstreamError({ code: 'BAD_USER_INPUT', http: { status: 400 }, errors });
  }
  const start = Number(after ?? 0);
  const end = start + first;
  return {
    nodes: items.slice(start, end),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: String(start),
      endCursor: String(end),
    },
    totalCount: items.length,
  };
};

/** Resolvers over the rows, as a root value. */
function createRoot(world: World): Record<string, unknown> {
  const guard =
    <Value>(field: string, value: () => Value) =>
    () => {
      const failure = world.failures.get(field);
      if (failure) throw failure;
      return value();
    };
  const author = () => ({
    ...flaubert,
    name: guard('Author.name', () => flaubert.name),
    books: (args: object) => page(allBooks(), args),
  });
  const toReview = (row: Row | undefined): Row | null =>
    row ? { ...row, book: () => toBook(world.books.get(String(row['bookId']))) } : null;
  const toBook = (row: Row | undefined): Row | null =>
    row
      ? {
          ...row,
          authorId: flaubert.id,
          priceNumber: Number(row['price']),
          authors: guard('Book.authors', () => [author()]),
          stock: guard('Book.stock', () => 7),
          rating: guard('Book.rating', () => ({ average: 4.5, count: 2 })),
          reviews: (args: object) =>
            guard('Book.reviews', () =>
              page([...world.reviews.values()].filter((one) => one['bookId'] === row['id']).map(toReview), args),
            )(),
        }
      : null;
  const allBooks = () => [...world.books.values()].map(toBook);
  const toOrder = (row: Row | undefined): Row | null =>
    row
      ? { ...row, lines: [{ quantity: 2, unitPrice: '12.90', book: () => toBook(world.books.get('madame-bovary')) }] }
      : null;
  const write = (id: string, version: number | undefined, change: (row: Row) => void) => {
    const row = world.books.get(id);
    if (!row) return null;
    if (version !== undefined && row['version'] !== version) {
      throw upstreamError({ code: 'PRECONDITION_FAILED', http: { status: 412 } }, 'The version is another one');
    }
    change(row);
    row['version'] = Number(row['version']) + 1;
    return toBook(row);
  };
  const field = (name: string, resolve: (args: never) => unknown) => (args: never) =>
    guard(name, () => resolve(args))();
  return {
    books: field('Query.books', ({ filter, ...args }: { filter?: { title?: string | null } }) =>
      page(
        allBooks().filter((book) => String(book?.['title']).includes(filter?.title ?? '')),
        args,
      ),
    ),
    book: field('Query.book', ({ id }: { id: string }) => toBook(world.books.get(id))),
    authors: field('Query.authors', (args: object) => page([author()], args)),
    author: field('Query.author', ({ id }: { id: string }) => (id === flaubert.id ? author() : null)),
    review: field('Query.review', ({ id }: { id: string }) => toReview(world.reviews.get(id))),
    order: field('Query.order', ({ id }: { id: string }) => toOrder(world.orders.get(id))),
    orders: field('Query.orders', (args: object) => page([...world.orders.values()].map(toOrder), args)),
    startSalesReport: field('Mutation.startSalesReport', () => ({ id: 'j1', status: 'QUEUED', progress: 0 })),
    reportJob: field('Query.reportJob', ({ id }: { id: string }) =>
      id === 'j1' ? { id, status: 'RUNNING', progress: 50, resultId: null, error: null } : null,
    ),
    salesReport: field('Query.salesReport', ({ id }: { id: string }) =>
      id === 'j1'
        ? {
            id,
            from: '2026-01-01T00:00:00.000Z',
            until: '2026-02-01T00:00:00.000Z',
            orders: 1,
            revenue: [{ currency: 'EUR', amount: '25.80' }],
            books: [{ copies: 2, book: () => toBook(world.books.get('madame-bovary')) }],
          }
        : null,
    ),
    createBook: field('Mutation.createBook', ({ input }: { input: Row }) => {
      const twin = [...world.books.values()].find((row) => row['isbn'] !== null && row['isbn'] === input['isbn']);
      if (twin) return { __typename: 'DuplicateIsbn', message: 'Another book has this ISBN', existing: toBook(twin) };
      const id = String(input['title']).toLowerCase().replaceAll(' ', '-');
      world.books.set(id, {
        __typename: 'Book',
        year: null,
        language: null,
        genre: null,
        isbn: null,
        ...input,
        id,
        version: 1,
      });
      return toBook(world.books.get(id));
    }),
    replaceBook: field(
      'Mutation.replaceBook',
      ({ id, input, expectedVersion }: { id: string; input: Row; expectedVersion?: number }) =>
        write(id, expectedVersion, (row) => Object.assign(row, input)),
    ),
    updateBook: field(
      'Mutation.updateBook',
      ({ id, patch, expectedVersion }: { id: string; patch: Row; expectedVersion?: number }) =>
        write(id, expectedVersion, (row) => Object.assign(row, patch)),
    ),
    deleteBook: field(
      'Mutation.deleteBook',
      ({ id, expectedVersion }: { id: string; expectedVersion?: number }) =>
        write(id, expectedVersion, () => {}) !== null && world.books.delete(id),
    ),
    addReview: field('Mutation.addReview', ({ input }: { input: Row }) => {
      world.reviews.set('r2', { ...world.reviews.get('r1'), ...input, id: 'r2' });
      return toReview(world.reviews.get('r2'));
    }),
    updateReview: field('Mutation.updateReview', ({ id, patch }: { id: string; patch: Row }) => {
      const row = world.reviews.get(id);
      return row ? toReview(Object.assign(row, patch)) : null;
    }),
    deleteReview: field('Mutation.deleteReview', ({ id }: { id: string }) => world.reviews.delete(id)),
    placeOrder: field(
      'Mutation.placeOrder',
      ({ input }: { input: { customer: string; lines: { bookId: string; quantity: number }[] } }) => {
        const [line] = input.lines;
        if (line && !world.books.has(line.bookId))
          return { __typename: 'UnknownBook', message: 'No such book', bookId: line.bookId };
        if (line && line.quantity > 7)
          return { __typename: 'OutOfStock', message: 'Too few copies', bookId: line.bookId, available: 7 };
        return toOrder(world.orders.get('o1'));
      },
    ),
    cancelOrder: field('Mutation.cancelOrder', ({ id }: { id: string }) => {
      const row = world.orders.get(id);
      if (row?.['status'] === 'SHIPPED')
        return { __typename: 'NotCancellable', message: 'Shipped already', status: 'SHIPPED' };
      return toOrder(row && Object.assign(row, { status: 'CANCELLED', actions: [] }));
    }),
  };
}

/** A request with less to write; the body is sent as JSON unless it is bytes. */
export interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export function toRequest(url: string, { method = 'GET', headers = {}, body, signal }: Sent = {}): FacadeRequest {
  const [path = '', ...query] = url.split('?');
  const bytes =
    body === undefined ? undefined : body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body));
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return {
    method,
    path,
    query: query.join('?'),
    headers: { ...(bytes ? { 'content-type': type } : {}), ...headers },
    body: bytes,
    requestId: 'test-1',
    origin: 'http://127.0.0.1:4000',
    signal: signal ?? new AbortController().signal,
    deadlineAt: Number.POSITIVE_INFINITY,
  };
}

export interface Shop extends World {
  readonly facade: Facade;
  send(url: string, sent?: Sent): Promise<FacadeResponse>;
}

/** A facade over the rows; every call is recorded. */
export function openShop(options: Partial<FacadeOptions> = {}): Shop {
  const world = createWorld();
  const root = createRoot(world);
  const facade = createFacade({
    documents,
    schema,
    basePath: '/rest',
    info: { title: 'Bookshop', version: '2.0.0' },
    execute: async (operation) => {
      world.executed.push(operation);
      const { document, operationName, variables } = operation;
      const result = await execute({ schema, document, operationName, variableValues: variables, rootValue: root });
      return {
        ...(result.data === undefined ? {} : { data: result.data }),
        ...(result.errors ? { errors: result.errors.map((error) => error.toJSON()) } : {}),
      };
    },
    ...options,
  });
  const send = async (url: string, sent?: Sent): Promise<FacadeResponse> => {
    const response = await facade.handle(toRequest(url, sent));
    const { 'content-location': place = '', 'content-type': type = '' } = response.headers;
    // A version may be named in the path, or by a header: then the answer says so.
    const version = /\bv\d+(?=[/+])/.exec(`${url} ${String(place)} ${String(type)}`)?.[0];
    const openapi = version === undefined ? facade.openapi : facade.describe(version);
    if (openapi) expectDescribed(openapi, url.replace(/^(\/rest)\/v\d+\//, '$1/'), sent?.method ?? 'GET', response);
    return response;
  };
  return { ...world, facade, send };
}

/** The JSON of an answer. */
export const jsonOf = (response: FacadeResponse): Record<string, unknown> =>
  JSON.parse(String(response.body)) as Record<string, unknown>;
