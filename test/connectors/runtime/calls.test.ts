// One call: request, response, success, errors; what a service may answer; sharing; leaving (connectors.md 3.3, 9 to 12).
import { afterEach, describe, expect, test } from 'vitest';
import { callUpstream, head, loadSubgraph, RestServer, type Answer } from '../harness.ts';

let server: RestServer;
afterEach(() => server.stop());

const serve = async (answer: Answer | ((url: URL) => Answer)): Promise<string> => {
  server = await RestServer.start((_request, url) => (typeof answer === 'function' ? answer(url) : answer));
  return server.origin;
};

const thing = (connect: string, source = '', version = '0.4') => `${head(version, source)}
  type Query { thing(id: ID, n: Int): Thing @connect(source: "a", ${connect}) other: String
    @connect(source: "a", http: { GET: "/other" }, selection: "$.text") }
  type Mutation { change(input: Change): Thing @connect(source: "a", http: { POST: "/things"
      headers: [{ name: "X-Trace", value: "t-{$args.input.name}" }, { name: "X-Client", from: "X-In" }]
      body: "name: $args.input.name note: $args.input.note tags: $args.input.tags?->map({ id: @ })" }
      selection: "id name") }
  input Change { name: String note: String tags: [String!] }
  type Thing { id: ID name: String n: Int list: [Part] part: Part }
  type Part { x: Float }`;
const get = 'http: { GET: "/things/{$args.id}" } selection: "id name n list { x } part { x }"';

describe('a failure', () => {
  test('has message, code, status, service, coordinate and path, and the rest of the answer stands', async () => {
    const origin = await serve(({ pathname }) =>
      pathname === '/other' ? { body: { text: 'fine' } } : { status: 404, body: { secret: 1 } },
    );
    const { data, errors } = await loadSubgraph(thing(get), origin).query('{ mine: thing(id: "1") { id } other }');
    expect(data).toEqual({ mine: null, other: 'fine' });
    expect(errors).toEqual([
      {
        message: 'Request failed',
        path: ['mine'],
        extensions: {
          code: 'CONNECTOR_FETCH',
          service: 'shop',
          connector: { coordinate: 'shop:Query.thing[0]' },
          http: { status: 404 },
          dispatched: true,
          upstream: { status: 404, root: true },
        },
      },
    ]);
  });

  const mapped = 'errors: { message: "$.detail" extensions: "code: $(\\"C\\") a: $(1) nested: { x: $status }" }';
  test('takes message and extensions of source and connector, the connector on top', async () => {
    const origin = await serve({ status: 422, body: { detail: 'Too short' } });
    const sdl = thing(`errors: { extensions: "a: $(2) b: $(3)" } ${get}`);
    const withSource = sdl.replace('@source(name: "a",', `@source(name: "a", ${mapped}`);
    const result = await loadSubgraph(withSource, origin).query('{ thing(id: "1") { id } }');
    expect(result.errors).toMatchObject([
      { message: 'Too short', extensions: { code: 'C', a: 2, b: 3, nested: { x: 422 }, http: { status: 422 } } },
    ]);
  });

  test('with a message mapping that gives no text has an empty message; extensions that are no object are ignored', async () => {
    const origin = await serve({ status: 500, body: { detail: 5 } });
    const sdl = thing(`errors: { message: "$.detail" extensions: "$.detail" } ${get}`);
    const { errors } = await loadSubgraph(sdl, origin).query('{ thing(id: "1") { id } }');
    expect(errors).toMatchObject([{ message: '', extensions: { code: 'CONNECTOR_FETCH' } }]);
  });

  test('is what isSuccess says: a 404 may be a success, a 200 a failure', async () => {
    const origin = await serve(({ pathname }) => ({ status: pathname.endsWith('1') ? 404 : 200, body: { ok: false } }));
    const asNull = `isSuccess: "$status->in([200, 404])" ${get}`;
    expect(await loadSubgraph(thing(asNull), origin).query('{ thing(id: "1") { id } }')).toEqual({
      data: { thing: { id: null } },
    });
    const { errors } = await loadSubgraph(thing(`isSuccess: "$.ok" ${get}`), origin).query('{ thing(id: "2") { id } }');
    expect(errors).toMatchObject([{ extensions: { http: { status: 200 } } }]);
  });

  test('of the request itself is not sent', async () => {
    const origin = await serve({ body: {} });
    const sdl = thing(
      'http: { GET: "/things", queryParams: "q: { x: $args.id }" } selection: "id name n list { x } part { x }"',
    );
    const { errors } = await loadSubgraph(sdl, origin).query('{ thing(id: "1") { id } }');
    expect(errors).toMatchObject([{ extensions: { code: 'CONNECTOR_REQUEST_INVALID', dispatched: false } }]);
    expect(server.takeCalls()).toEqual([]);
  });

  test('to reach the service keeps code and service, and says nothing of its address', async () => {
    const origin = await serve({ body: {} });
    await server.stop();
    const { errors } = await loadSubgraph(thing(get), origin).query('{ thing(id: "1") { id } }');
    expect(errors).toMatchObject([
      {
        message: 'Cannot reach service "shop"',
        path: ['thing'],
        extensions: {
          code: 'UPSTREAM_UNREACHABLE',
          service: 'shop',
          retryable: true,
          dispatched: false,
          connector: { coordinate: 'shop:Query.thing[0]' },
          upstream: { kind: 'network', root: true },
        },
      },
    ]);
    expect(JSON.stringify(errors)).not.toContain('127.0.0.1');
    server = await RestServer.start(() => ({}));
  });

  test('of our own making has a code and no inner text', async () => {
    const origin = await serve({});
    const broken = () => Promise.reject(new Error('secret detail'));
    const { errors } = await loadSubgraph(thing(get), origin, {}, broken).query('{ thing(id: "1") { id } }');
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(JSON.stringify(errors)).not.toContain('secret');
  });
});

describe('an answer', () => {
  const deep = '{"x":'.repeat(100) + '1' + '}'.repeat(100);
  const cases: [string, Answer, object][] = [
    ['HTML', { body: '<html>', headers: { 'content-type': 'text/html' } }, { code: 'UPSTREAM_INVALID_RESPONSE' }],
    ['broken JSON', { body: '{"id": ' }, { code: 'UPSTREAM_INVALID_RESPONSE' }],
    ['cut off', { body: '{"id": 1', isTruncated: true }, { code: 'UPSTREAM_TRUNCATED' }],
  ];
  test.each(cases)('that is %s is one error', async (_name, answer, extensions) => {
    const { data, errors } = await loadSubgraph(thing(get), await serve(answer)).query('{ thing(id: "1") { id } }');
    expect(data).toEqual({ thing: null });
    expect(errors).toHaveLength(1);
    expect(errors![0]).toMatchObject({ extensions });
  });

  const odd: [string, unknown, unknown][] = [
    ['empty', undefined, null],
    ['null', 'null', null],
    ['a string', '"text"', null],
    ['a list where an object belongs', '[{"id":1}]', null],
    ['an object where a list belongs', '{"list":{"x":1}}', { id: null, list: null, part: null }],
    [
      'a list of wrong things',
      '{"id":1,"list":[1,null,{"x":2}]}',
      { id: '1', list: [null, null, { x: 2 }], part: null },
    ],
    ['an object where a scalar belongs', '{"id":{"a":1},"part":"x"}', { id: null, list: null, part: null }],
    ['100 levels deep', `{"part":${deep}}`, { id: null, list: null, part: { x: null } }],
    [
      'full of __proto__',
      '{"__proto__":{"id":"evil"},"part":{"__proto__":{"x":1}}}',
      { id: null, list: null, part: { x: null } },
    ],
    ['a number over 2^53', '{"id":9007199254740993}', { id: '9007199254740993', list: null, part: null }],
  ];
  test.each(odd)('that is %s is read as far as it fits', async (_name, body, expected) => {
    const sdl = thing(get);
    const { data, errors } = await loadSubgraph(sdl, await serve({ body })).query(
      '{ thing(id: "1") { id list { x } part { x } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ thing: expected });
  });

  test('of 204 to a DELETE can be read by its status', async () => {
    const origin = await serve(({ pathname }) => (pathname.endsWith('1') ? { status: 204 } : { status: 404 }));
    const sdl = `${head()} type Query { a: Int @connect(source: "a", http: { GET: "/" }, selection: "$") }
      type Mutation { remove(id: ID!): Boolean @connect(source: "a", http: { DELETE: "/things/{$args.id}" }
        isSuccess: "$status->in([204, 404])" selection: "$status->eq(204)") }`;
    expect(await loadSubgraph(sdl, origin).query('mutation { a: remove(id: "1") b: remove(id: "2") }')).toEqual({
      data: { a: true, b: false },
    });
  });
});

describe('a field that must not be null', () => {
  const sdl = `${head()} scalar Big
    type Query { items: [Item] @connect(source: "a", http: { GET: "/items" }, selection: "id") }
    type Item @key(fields: "id") @connect(source: "a", batch: { maxSize: 10 },
        http: { GET: "/more", queryParams: "ids: $batch.id->joinNotNull(',')" }, selection: "$.items { id name size }") {
      id: ID! name: String! size: Big }`;

  test('carries the one error of its call, the same object for each item', async () => {
    const origin = await serve(({ pathname }) =>
      pathname === '/items' ? { body: [{ id: '1' }, { id: '2' }] } : { status: 503, body: { detail: 'busy' } },
    );
    const { data, errors } = await loadSubgraph(sdl, origin).query('{ items { name size } }');
    expect(data).toEqual({ items: [null, null] });
    const distinct = new Set(
      errors!.map(({ path, extensions }) => `${path?.join('.')} ${String(extensions?.['code'])}`),
    );
    expect([...distinct].toSorted()).toEqual(['items.0.name CONNECTOR_FETCH', 'items.0.size CONNECTOR_FETCH']);
  });

  test('may stand beside a scalar of the file, whose long integers are text', async () => {
    const origin = await serve(({ pathname }) =>
      pathname === '/items'
        ? { body: [{ id: '1' }] }
        : { body: '{"items":[{"id":"1","name":"n","size":{"x":[9007199254740993]}}]}' },
    );
    expect(await loadSubgraph(sdl, origin).query('{ items { name size } }')).toEqual({
      data: { items: [{ name: 'n', size: { x: ['9007199254740993'] } }] },
    });
  });
});

describe('a mutation', () => {
  test('sends JSON: what the client left out is missing, null is null', async () => {
    const origin = await serve({ status: 201, body: { id: 1, name: 'x' } });
    const shop = loadSubgraph(thing(get), origin);
    await shop.query('mutation { change(input: { name: "z", note: null }) { id } }', {
      requestHeaders: { 'x-in': ['c'] },
    });
    await shop.query('mutation { change(input: { name: "y", tags: ["p"] }) { id } }');
    expect(server.requests.map(({ body }) => body)).toEqual([
      '{"name":"z","note":null}',
      '{"name":"y","tags":[{"id":"p"}]}',
    ]);
    expect(server.requests[0]!.headers).toMatchObject({
      'content-type': 'application/json',
      'x-trace': 't-z',
      'x-client': 'c',
    });
    expect(server.requests[1]!.headers['x-client']).toBeUndefined();
  });

  test('empties the loaders after each of its fields', async () => {
    let version = 0;
    const origin = await serve(({ pathname }) =>
      pathname === '/v' ? { body: { version: version++ } } : { body: { id: '1' } },
    );
    const sdl = `${head()} type Query { a: Int @connect(source: "a", http: { GET: "/" }, selection: "$") }
      type Mutation { touch: Box @connect(source: "a", http: { POST: "/touch" }, selection: "id") }
      type Box { id: ID v: Int @connect(source: "a", http: { GET: "/v", queryParams: "id: $this.id" }, selection: "$.version") }`;
    const { data } = await loadSubgraph(sdl, origin).query('mutation { a: touch { v w: v } b: touch { v } }');
    expect(data).toEqual({ a: { v: 0, w: 0 }, b: { v: 1 } });
  });
});

describe('identical GETs in flight', () => {
  test('are one call inside one client request, and two when headers or the moment differ', async () => {
    const origin = await serve({ body: { id: 1 } });
    const shop = loadSubgraph(thing(get), origin);
    await shop.query('{ a: thing(id: "1") { id } b: thing(id: "1") { id } c: thing(id: "2") { id } }');
    expect(server.takeCalls()).toEqual(['GET /things/1', 'GET /things/2']);
    const operation = new Map();
    await shop.query('{ thing(id: "1") { id } }', { operation });
    await shop.query('{ thing(id: "1") { id } }', { operation });
    expect(server.takeCalls()).toEqual(['GET /things/1', 'GET /things/1']);
  });

  test('are never shared between two identities, nor between two client requests', async () => {
    const origin = await serve({ body: { id: 1 } });
    const shop = loadSubgraph(thing(get), origin);
    const operation = new Map();
    const query = '{ thing(id: "1") { id } }';
    await Promise.all([
      shop.query(query, { operation, identity: 'ana' }),
      shop.query(query, { operation, identity: 'bo' }),
      shop.query(query, { identity: 'ana' }),
    ]);
    expect(server.takeCalls()).toHaveLength(3);
  });
});

describe('a client that leaves', () => {
  test('stops the call in flight, and nothing more is sent', async () => {
    const leaving = new AbortController();
    const origin = await serve({ after: new Promise(() => {}) });
    const shop = loadSubgraph(thing(get), origin, {}, (request) => {
      const response = callUpstream(request);
      setImmediate(() => leaving.abort());
      return response;
    });
    const { data, errors } = await shop.query('{ thing(id: "1") { id } }', { signal: leaving.signal });
    expect(data).toEqual({ thing: null });
    expect(errors).toHaveLength(1);
    server.requests.length = 0;
    await shop.query('{ thing(id: "1") { id } }', { signal: leaving.signal });
    expect(server.takeCalls()).toEqual([]);
  });
});

describe('abstract types', () => {
  const sdl = `${head()} union Found = Book | Film
    type Query { search: [Found] @connect(source: "a", http: { GET: "/" }, selection: """
      $.items { ... kind->match(["book", { __typename: "Book", title }], ["film", { __typename: "Film", length }], [@, { x: id }]) }""") }
    type Book { title: String } type Film { length: Int }`;

  test('are told apart by an emitted __typename; a value without one is null', async () => {
    const items = [
      { kind: 'film', length: 90 },
      { kind: 'book', title: 'T' },
      { kind: 'toy', id: 1 },
    ];
    const { data } = await loadSubgraph(sdl, await serve({ body: { items } })).query(
      '{ search { __typename ... on Book { title } ... on Film { length } } }',
    );
    expect(data).toEqual({ search: [{ __typename: 'Film', length: 90 }, { __typename: 'Book', title: 'T' }, null] });
  });
});
