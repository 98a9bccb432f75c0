/** Situations after execution and what is answered (facade.md, sections 3.3 and 3.4), for `decide` and for the page of its table. */
import type { FacadeResponse, FacadeResult } from '../../../gateway/facade/index.ts';
import { decide } from '../../../gateway/facade/response/decide.ts';
import type { Facts, RouteRequest } from '../../../gateway/facade/response/route-request.ts';
import { compileRoutes } from '../../../gateway/facade/routes/compile-routes.ts';
import { documents, schema } from '../bookshop.ts';

const extra = {
  file: 'schema/rest/v2/extra.graphql',
  text: `
    query Shelf($id: ID!) @http(method: GET, route: "/shelf/{id}", partial: ON_REQUEST) { book(id: $id) { id authors { name } stock } }
    query Loose($id: ID!) @http(method: GET, route: "/loose/{id}", partial: ALLOW) { book(id: $id) { id authors { name } stock } }
    query Secret($id: ID!) @http(method: GET, route: "/secret/{id}", hide: true, passthrough: true, outcomes: [{ code: "SOLD", status: 410, problem: "sold" }])
      @cache(maxAge: 60, scope: PUBLIC, staleIfError: 30, negativeTtl: 9) { book(id: $id) { id } }
    query Titles @http(method: GET, route: "/titles", result: "books.nodes") { books { nodes { title } } }
    mutation Ensure($input: BookInput! @body) @http(method: POST, route: "/ensured", outcomes: [{ type: "DuplicateIsbn", status: 200 }])
      { createBook(input: $input) { ... on Book { id } ... on DuplicateIsbn { existing { id } } } }
    mutation Put($input: BookInput! @body) @http(method: PUT, route: "/put", outcomes: [{ type: "DuplicateIsbn", status: 201 }])
      { createBook(input: $input) { ... on Book { id } ... on DuplicateIsbn { existing { id } } } }
  `,
};
export const { current, faults } = compileRoutes([...documents, extra], schema, '2.0.0');
export const routeOf = (name: string) => current.routes.find((route) => route.operation === name)!;

export const request: RouteRequest = {
  method: 'GET',
  prefix: '',
  path: '/x',
  parameters: ['1'],
  query: '',
  mediaType: 'application/json',
  contentType: 'application/json',
  hasVersionedPath: false,
  prefer: { isLenient: false, isMinimal: false },
  ifMatch: { kind: 'absent' },
  ifNoneMatch: { kind: 'absent' },
  isPersonal: false,
  hasRange: false,
};
export const facts: Facts = {
  requestId: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
  basePath: '',
  publicUrl: '',
  validationStatus: 422,
  negativeTtl: 0,
  varyHeaders: [],
  asyncDone: 'redirect',
  cacheTags: [],
  cdnMaxAge: undefined,
  lifecycleLinks: { isOn: true },
  curie: undefined,
  httpExtensions: { statuses: [], headers: [] },
  now: new Date(0),
  ignoredParameters: false,
  cursorSent: false,
};
const lenient = { prefer: { isLenient: true, isMinimal: false } };

const error = (path: (string | number)[], extensions: Record<string, unknown>, message = 'Said the service') => ({
  message,
  path,
  extensions,
});
export const book = {
  __typename: 'Book',
  facade__id: 'b',
  facade__version: 3,
  id: 'b',
  authors: [{ id: 'a', name: 'A' }],
  stock: 1,
};
const existing = { __typename: 'DuplicateIsbn', existing: { id: 'a' } };
const open = { code: 'CIRCUIT_OPEN', service: 's', retryAfterMs: 4200, dispatched: false };
const timeout = { code: 'UPSTREAM_TIMEOUT', service: 's', dispatched: true, upstream: { kind: 'timeout' } };

/** One situation: what was asked, what the operation answered, and what has to be sent. */
export interface Row {
  readonly row: string;
  readonly operation: string;
  readonly result: FacadeResult;
  readonly request?: Partial<RouteRequest>;
  readonly facts?: Partial<Facts>;
  readonly status: number;
  readonly headers?: Record<string, string | undefined>;
  readonly body?: object;
}

const status = (
  row: string,
  operation: string,
  code: string | undefined,
  upstream: object,
  expected: number,
  more: Partial<Row> = {},
): Row => {
  const key = operation === 'GetBook' ? 'book' : 'updateBook';
  return {
    row,
    operation,
    result: { data: { [key]: null }, errors: [error([key], { ...(code ? { code } : {}), upstream })] },
    status: expected,
    ...more,
  };
};
const nested = (row: string, extensions: Record<string, unknown>, expected: number, more: Partial<Row> = {}): Row => ({
  row,
  operation: 'GetBook',
  result: { data: { book: { ...book, authors: null } }, errors: [error(['book', 'authors'], extensions)] },
  status: expected,
  ...more,
});

export const rows: readonly Row[] = [
  { row: 'S1', operation: 'GetBook', result: { data: { book } }, status: 200, body: { id: 'b', stock: 1 } },
  {
    row: 'S2',
    operation: 'GetBook',
    result: { data: { book: null } },
    status: 404,
    headers: { 'cache-control': 'no-store' },
    body: { instance: 'urn:uuid:7d444840-9dc0-11d1-b245-5ffdce74fad2' },
  },
  {
    row: 'S2 negativeTtl',
    operation: 'Secret',
    result: { data: { book: null } },
    status: 404,
    headers: { 'cache-control': 'max-age=9' },
  },
  {
    row: 'S3 null',
    operation: 'ListBooks',
    result: { data: { books: null } },
    status: 200,
    body: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 },
  },
  { row: 'S3 list', operation: 'Titles', result: { data: { books: { nodes: [] } } }, status: 200 },
  {
    row: 'S4',
    operation: 'Titles',
    result: { data: { books: null } },
    status: 404,
    body: { detail: 'There is no books under this address' },
  },
  {
    row: 'S3 nested',
    operation: 'ListBookReviews',
    result: { data: { book: { reviews: null } } },
    status: 200,
    body: { nodes: [] },
  },
  { row: 'S4 nested', operation: 'ListBookReviews', result: { data: { book: null } }, status: 404 },
  {
    row: 'S5',
    operation: 'CreateBook',
    result: { data: { createBook: book } },
    status: 201,
    headers: { location: '/books/b', 'content-location': '/books/b' },
  },
  { row: 'S6', operation: 'Ensure', result: { data: { createBook: existing } }, status: 200 },
  { row: 'S8', operation: 'Put', result: { data: { createBook: existing } }, status: 201 },
  { row: 'S7', operation: 'PatchBook', result: { data: { updateBook: book } }, status: 200 },
  {
    row: 'S7 minimal',
    operation: 'PatchBook',
    result: { data: { updateBook: book } },
    request: { prefer: { isLenient: false, isMinimal: true } },
    status: 204,
    headers: { 'preference-applied': 'return=minimal', 'content-type': undefined },
  },
  { row: 'S9', operation: 'DeleteBook', result: { data: { deleteBook: true } }, status: 204 },
  {
    row: 'S15',
    operation: 'DeleteBook',
    result: { data: { deleteBook: true } },
    status: 204,
    headers: { 'content-type': undefined },
  },
  { row: 'S10 false', operation: 'DeleteBook', result: { data: { deleteBook: false } }, status: 404 },
  { row: 'S10 null', operation: 'DeleteBook', result: { data: { deleteBook: null } }, status: 404 },
  { row: 'S10 put', operation: 'ReplaceBook', result: { data: { replaceBook: null } }, status: 404 },
  {
    row: 'S11',
    operation: 'CreateBook',
    result: { data: { createBook: null } },
    status: 502,
    body: { code: 'MUTATION_RETURNED_NOTHING' },
  },
  {
    row: 'S14',
    operation: 'CreateBook',
    result: { data: { createBook: { __typename: 'DuplicateIsbn', message: 'Taken', existing: { id: 'a' } } } },
    status: 409,
    body: { type: '/problems/duplicate-isbn', detail: 'Taken', existing: { id: 'a' } },
  },
  {
    row: 'S14 code',
    operation: 'Secret',
    result: { data: { book: null }, errors: [error(['book'], { code: 'SOLD' })] },
    status: 410,
    body: { code: 'SOLD' },
  },
  {
    row: 'cache',
    operation: 'Secret',
    result: { data: { book: { id: 'b' } } },
    request: { isPersonal: true },
    status: 200,
    headers: { 'cache-control': 'public, max-age=60, stale-if-error=30' },
  },

  status('E1', 'PatchBook', 'BAD_USER_INPUT', {}, 422),
  status('E1 setting', 'PatchBook', 'BAD_USER_INPUT', {}, 400, { facts: { validationStatus: 400 } }),
  status('E2', 'GetBook', 'GRAPHQL_VALIDATION_FAILED', {}, 500, { body: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
  status('E3', 'GetBook', 'UNAUTHENTICATED', {}, 401, {
    headers: { 'www-authenticate': 'Bearer', 'cache-control': 'no-store' },
  }),
  status('E4', 'GetBook', 'FORBIDDEN', {}, 403),
  { ...status('E4 hide', 'GetBook', 'FORBIDDEN', {}, 404), operation: 'Secret' },
  status('E5', 'GetBook', undefined, { status: 404, root: true }, 404),
  nested('E5 nested', { code: 'NOT_FOUND', upstream: { status: 404, root: false } }, 200, {
    headers: { 'partial-response': undefined },
  }),
  status('E6', 'GetBook', 'CONNECTOR_FETCH', { status: 410, root: true }, 410),
  status('E6', 'GetBook', 'CONNECTOR_FETCH', { status: 451, root: true }, 451),
  status('E7', 'PatchBook', 'BAD_USER_INPUT', { status: 400, root: true }, 422),
  { ...status('E7 passthrough', 'GetBook', 'BAD_USER_INPUT', { status: 400, root: true }, 400), operation: 'Secret' },
  status('E8', 'PatchBook', 'CONFLICT', { status: 409, root: true }, 409),
  status('E8', 'PatchBook', 'CONNECTOR_FETCH', { status: 412, root: true }, 412),
  status('E8', 'PatchBook', 'CONNECTOR_FETCH', { status: 423, root: true }, 423),
  status('E9', 'GetBook', 'CONNECTOR_FETCH', { status: 401, root: true, credentials: 'caller' }, 401),
  status('E9', 'GetBook', 'CONNECTOR_FETCH', { status: 403, root: true, credentials: 'caller' }, 403),
  status('E10', 'GetBook', 'UNAUTHENTICATED', { status: 401, root: true, credentials: 'gateway' }, 502, {
    body: { code: 'UPSTREAM_AUTH' },
    headers: { 'www-authenticate': undefined },
  }),
  status('E12', 'GetBook', 'CONNECTOR_FETCH', { status: 413, root: true }, 502),
  ...[405, 406, 411, 414, 415, 416, 417, 431].map((code) =>
    status(`E11 ${code}`, 'GetBook', 'CONNECTOR_FETCH', { status: code, root: true }, 502),
  ),
  status('E13 caller', 'GetBook', 'CONNECTOR_FETCH', { status: 429, credentials: 'caller' }, 429, {
    headers: { 'retry-after': '1' },
    body: { type: 'https://iana.org/assignments/http-problem-types#quota-exceeded' },
  }),
  {
    row: 'E13 gateway',
    operation: 'GetBook',
    result: {
      data: { book: null },
      errors: [error(['book'], { code: 'UPSTREAM_ERROR', retryAfterMs: 9000, upstream: { status: 429 } })],
    },
    status: 503,
    headers: { 'retry-after': '9' },
  },
  status('E14', 'GetBook', 'CONNECTOR_FETCH', { status: 408 }, 504),
  ...['UPSTREAM_TIMEOUT', 'DEADLINE_EXCEEDED', 'GATEWAY_TIMEOUT'].map((code) =>
    status(`E14 ${code}`, 'GetBook', code, {}, 504, { headers: { 'retry-after': '1' } }),
  ),
  {
    row: 'E14 POST',
    operation: 'CreateBook',
    result: { data: { createBook: null }, errors: [error(['createBook'], timeout)] },
    status: 504,
    headers: { 'retry-after': undefined },
  },
  status('E15', 'GetBook', 'UPSTREAM_UNREACHABLE', { kind: 'network' }, 502),
  status('E15 kind', 'GetBook', 'OWN_CODE', { kind: 'network' }, 502, { body: { code: 'UPSTREAM_UNREACHABLE' } }),
  ...[500, 501, 502, 505].map((code) => status(`E16 ${code}`, 'GetBook', 'UPSTREAM_ERROR', { status: code }, 502)),
  ...['CONFLICT', 'BAD_USER_INPUT', 'PRECONDITION_FAILED'].map((code) =>
    nested(`E16 nested ${code}`, { code, upstream: { status: 409, root: false } }, 502, {
      body: { code: 'CONNECTOR_FETCH' },
    }),
  ),
  status('E17', 'GetBook', 'UPSTREAM_ERROR', { status: 503 }, 503, { headers: { 'retry-after': '1' } }),
  status('E17', 'GetBook', 'UPSTREAM_ERROR', { status: 504 }, 504),
  nested('E18', open, 503, {
    headers: { 'retry-after': '5' },
    body: { service: 's', detail: 'Service "s" is not available for the moment' },
  }),
  status('E19', 'GetBook', 'UPSTREAM_SATURATED', {}, 503, { headers: { 'retry-after': '1' } }),
  status('E19', 'GetBook', 'OVERLOADED', {}, 503),
  ...['UPSTREAM_INVALID_RESPONSE', 'UPSTREAM_TRUNCATED', 'UPSTREAM_TOO_LARGE', 'CONNECTOR_MAPPING_PROBLEM'].map(
    (code) => status(`E20 ${code}`, 'GetBook', code, {}, 502),
  ),
  { row: 'E21', operation: 'GetBook', result: { data: null }, status: 502 },
  status('E22', 'GetBook', undefined, {}, 500, { body: { detail: 'Internal error', code: 'INTERNAL_SERVER_ERROR' } }),
  status('E24', 'GetBook', 'REQUEST_TOO_COMPLEX', {}, 400),
  { row: 'E22 no path', operation: 'GetBook', result: { data: null, errors: [{ message: 'secret' }] }, status: 500 },

  {
    row: 'optional open',
    operation: 'GetBook',
    result: { data: { book: { ...book, reviews: null } }, errors: [error(['book', 'reviews'], open)] },
    status: 200,
    headers: { 'partial-response': '?1', 'cache-control': 'no-store', etag: undefined },
    body: { _problems: [{ status: 503, pointer: '/reviews', code: 'CIRCUIT_OPEN' }] },
  },
  nested('not optional, lenient, FAIL', timeout, 504, { request: lenient }),
  {
    row: 'ON_REQUEST, not asked',
    operation: 'Shelf',
    result: { data: { book: { ...book, stock: null } }, errors: [error(['book', 'stock'], timeout)] },
    status: 504,
  },
  {
    row: 'ON_REQUEST, asked',
    operation: 'Shelf',
    result: { data: { book: { ...book, stock: null } }, errors: [error(['book', 'stock'], timeout)] },
    request: lenient,
    status: 200,
    headers: { 'preference-applied': 'handling=lenient', vary: 'Accept, Prefer' },
  },
  {
    row: 'ALLOW',
    operation: 'Loose',
    result: { data: { book: { ...book, stock: null } }, errors: [error(['book', 'stock'], timeout)] },
    status: 200,
    headers: { 'preference-applied': undefined },
  },
  {
    row: 'optional, but nothing there',
    operation: 'GetBook',
    result: { data: { book: null }, errors: [error(['book', 'reviews'], timeout)] },
    status: 504,
  },
  {
    row: 'M1',
    operation: 'CreateBook',
    result: { data: { createBook: { ...book, authors: null } }, errors: [error(['createBook', 'authors'], open)] },
    status: 201,
    headers: { location: '/books/b', 'partial-response': '?1' },
  },
  {
    row: 'M1 nested 409',
    operation: 'PatchBook',
    result: {
      data: { updateBook: { ...book, authors: null } },
      errors: [error(['updateBook', 'authors'], { code: 'CONFLICT', upstream: { status: 409 } })],
    },
    status: 200,
  },
  {
    row: 'O5',
    operation: 'CreateBook',
    result: { data: { createBook: null }, errors: [error(['createBook', 'existing', 'id'], timeout)] },
    status: 201,
    headers: { location: undefined },
    body: { _problems: [{ status: 504 }] },
  },
  {
    row: 'GET, open and UNAUTHENTICATED',
    operation: 'GetBook',
    result: { data: { book: null }, errors: [error(['book'], open), error(['book'], { code: 'UNAUTHENTICATED' })] },
    status: 401,
    body: { errors: [{ code: 'CIRCUIT_OPEN', status: 503 }] },
  },
  {
    row: 'PUT, FORBIDDEN and timeout',
    operation: 'ReplaceBook',
    result: {
      data: { replaceBook: null },
      errors: [error(['replaceBook'], { code: 'FORBIDDEN' }), error(['replaceBook'], timeout)],
    },
    status: 504,
    body: { errors: [{ code: 'FORBIDDEN' }] },
  },
  {
    row: 'PUT, FORBIDDEN and open (never sent)',
    operation: 'ReplaceBook',
    result: {
      data: { replaceBook: null },
      errors: [error(['replaceBook'], open), error(['replaceBook'], { code: 'FORBIDDEN' })],
    },
    status: 403,
  },
];

/** What is decided of a row. */
export const answerOf = (row: Row): FacadeResponse => {
  const route = routeOf(row.operation);
  const sent = { ...request, method: route.method, ...row.request };
  return decide(route, sent, { state: 'executed', result: row.result }, { ...facts, ...row.facts });
};
