/** /graphql as an HTTP endpoint: methods, media types, CORS, CSRF, limits, pages, and the public audits. */
import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestShop, type TestShop } from '../bookshop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop?.close());

const json = { 'content-type': 'application/json' };
const query = '{ __typename }';

interface Row {
  readonly name: string;
  readonly method?: string;
  readonly search?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly status: number;
  readonly present?: Record<string, RegExp>;
  readonly code?: string;
}

const rows: readonly Row[] = [
  {
    name: 'POST with a query',
    headers: json,
    body: JSON.stringify({ query }),
    status: 200,
    present: { 'content-type': /json/ },
  },
  {
    name: 'POST, asking for graphql-response+json',
    headers: { ...json, accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query }),
    status: 200,
    present: { 'content-type': /graphql-response\+json/ },
  },
  {
    name: 'GET with a query and the preflight header',
    method: 'GET',
    search: '?query=%7B__typename%7D',
    headers: { 'apollo-require-preflight': '1' },
    status: 200,
  },
  {
    name: 'GET with introspection and variables',
    method: 'GET',
    search: `?query=${encodeURIComponent('query T($name: String!) { __type(name: $name) { name } __schema { queryType { name } } }')}&variables=${encodeURIComponent('{"name":"Book"}')}`,
    headers: { 'apollo-require-preflight': '1' },
    status: 200,
    present: { etag: /^"/ },
  },
  {
    name: 'GET without it is stopped by CSRF prevention',
    method: 'GET',
    search: '?query=%7B__typename%7D',
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    name: 'a mutation by GET',
    method: 'GET',
    search: '?query=mutation%7B__typename%7D',
    headers: { 'apollo-require-preflight': '1' },
    status: 405,
    present: { allow: /POST/ },
  },
  { name: 'PUT', method: 'PUT', headers: json, body: '{}', status: 405, present: { allow: /GET, POST/ } },
  { name: 'DELETE', method: 'DELETE', status: 405, present: { allow: /GET, POST/ } },
  {
    name: 'text/plain',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify({ query }),
    status: 415,
    present: { 'accept-post': /json/ },
  },
  { name: 'no content type', body: '', status: 415 },
  { name: 'an empty body', headers: json, body: '', status: 400 },
  {
    name: 'broken JSON',
    headers: json,
    body: '{"query": ',
    status: 400,
    present: { 'content-type': /^application\/json/ },
    code: 'BAD_REQUEST',
  },
  { name: 'an array', headers: json, body: '[]', status: 400 },
  { name: 'no query', headers: json, body: '{"foo":1}', status: 400 },
  { name: 'a query that is a number', headers: json, body: '{"query":7}', status: 400 },
  { name: 'variables that are a list', headers: json, body: JSON.stringify({ query, variables: [1] }), status: 400 },
  {
    name: 'a query that does not parse',
    headers: json,
    body: JSON.stringify({ query: '{ book(' }),
    status: 400,
    code: 'GRAPHQL_PARSE_FAILED',
  },
  {
    name: 'a query with an unknown field',
    headers: json,
    body: JSON.stringify({ query: '{ boks }' }),
    status: 400,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'a variable of the wrong type',
    headers: json,
    body: JSON.stringify({ query: 'query ($f: Int) { books(first: $f) { totalCount } }', variables: { f: 'ten' } }),
    status: 400,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'two operations and no name',
    headers: json,
    body: JSON.stringify({ query: 'query A { __typename } query B { __typename }' }),
    status: 400,
  },
  {
    name: 'a format we do not make',
    headers: { ...json, accept: 'text/csv' },
    body: JSON.stringify({ query }),
    status: 406,
  },
  {
    name: 'a body of 2 MB',
    headers: json,
    body: JSON.stringify({ query: `{ ${'a'.repeat(2_000_000)} }` }),
    status: 413,
  },
  {
    name: '100 levels',
    headers: json,
    body: JSON.stringify({
      query: `{ book(id: "x") ${'{ authors { books { nodes '.repeat(34)}{ id }${' } } }'.repeat(34)} }`,
    }),
    status: 400,
    code: 'REQUEST_TOO_COMPLEX',
  },
  {
    name: '10,000 aliases',
    headers: json,
    body: JSON.stringify({ query: `{ ${Array.from({ length: 10_000 }, (_, i) => `a${i}: __typename`).join(' ')} }` }),
    status: 400,
  },
  {
    name: 'a fragment inside itself',
    headers: json,
    body: JSON.stringify({
      query: '{ book(id: "x") { ...F } } fragment F on Book { authors { books { nodes { ...F } } } }',
    }),
    status: 400,
  },
];

describe('GraphQL over HTTP', () => {
  it.each(rows.map((row) => [`${row.name} answers ${row.status}`, row] as const))('%s', async (_name, row) => {
    const { method = 'POST', search = '', headers = {}, body } = row;
    const response = await fetch(`${shop.url}/graphql${search}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    expect(response.status, text).toBe(row.status);
    for (const [name, value] of Object.entries(row.present ?? {})) expect(response.headers.get(name)).toMatch(value);
    if (row.code !== undefined) expect(JSON.parse(text).errors[0].extensions.code).toBe(row.code);
    if (row.status >= 400) expect(text).not.toMatch(/stacktrace|node_modules|\bat \S+ \(/);
  });

  it('answers for every one of the public audits', async () => {
    const results = await auditServer({
      url: `${shop.url}/graphql`,
      fetchFn: (url: string, init: RequestInit) =>
        fetch(url, { ...init, headers: { ...(init?.headers as object), 'apollo-require-preflight': '1' } }),
    });
    const failed = results.filter((result) => result.status === 'error').map((result) => `${result.id} ${result.name}`);
    expect(failed).toEqual([]);
    expect(results.filter((result) => result.status === 'ok').length).toBeGreaterThanOrEqual(58);
  });
});

describe('browsers', () => {
  const sandbox = 'https://studio.apollographql.com';

  it('an origin of the list may read the answer, with its credentials', async () => {
    const preflight = await fetch(`${shop.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: sandbox,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(sandbox);
    expect(preflight.headers.get('vary')).toMatch(/origin/i);
    const response = await fetch(`${shop.url}/graphql`, {
      method: 'POST',
      headers: { ...json, origin: sandbox },
      body: JSON.stringify({ query }),
    });
    expect(response.headers.get('access-control-allow-origin')).toBe(sandbox);
  });

  it('another origin gets no permission at all', async () => {
    const response = await fetch(`${shop.url}/graphql`, {
      method: 'POST',
      headers: { ...json, origin: 'https://elsewhere.example' },
      body: JSON.stringify({ query }),
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('GET /graphql gives a browser a page with a content policy, and a program none', async () => {
    const page = await fetch(`${shop.url}/graphql`, {
      headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/text\/html/);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    const program = await fetch(`${shop.url}/graphql`, {
      headers: { accept: 'application/json', 'apollo-require-preflight': '1' },
    });
    expect(program.status).toBe(400);
  });

  it('introspection is on in development, and off without it', async () => {
    const introspection = '{ __schema { queryType { name } } }';
    expect((await shop.graphql(introspection)).data).toEqual({ __schema: { queryType: { name: 'Query' } } });
    const strict = await startTestShop({ env: { TRIBUTARY_DEVELOPMENT: 'false' } });
    try {
      const { status, errors } = await strict.graphql(introspection);
      expect(status).toBe(400);
      expect(errors![0]!.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
      const page = await fetch(`${strict.url}/graphql`, { headers: { accept: 'text/html' } });
      expect(page.status).toBe(406);
    } finally {
      await strict.close();
    }
  });
});

describe('probes and ids', () => {
  it('live and ready answer 200', async () => {
    for (const path of ['/health/live', '/health/ready']) expect((await fetch(`${shop.url}${path}`)).status).toBe(200);
  });

  it('the request id of the client is kept, a wild one is replaced', async () => {
    const kept = await fetch(`${shop.url}/health/live`, { headers: { 'x-request-id': 'my-id-1' } });
    expect(kept.headers.get('x-request-id')).toBe('my-id-1');
    const wild = await fetch(`${shop.url}/health/live`, { headers: { 'x-request-id': 'no good id!' } });
    expect(wild.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
