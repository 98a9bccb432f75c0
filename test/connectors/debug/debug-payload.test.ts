// The debug payload (connectors.md 14.4, experience.md 3.2): its exact shape, what it hides, what it folds and cuts.
import { execute, parse } from 'graphql';
import { afterEach, describe, expect, test } from 'vitest';
import {
  buildDebugPayload,
  createRedactionRules,
  DebugLog,
  type ConnectorSettings,
} from '../../../gateway/connectors/index.ts';
import type { CallUpstream } from '../../../gateway/upstream/upstream-call.ts';
import { createUpstream, type UpstreamClient } from '../../../gateway/upstream/index.ts';
import { callUpstream, head, loadSubgraph, RestServer, type Answer, type SeenRequest } from '../harness.ts';

let server: RestServer;
let client: UpstreamClient | undefined;
afterEach(async () => {
  await client?.close();
  client = undefined;
  await server.stop();
});

interface Setup {
  readonly settings?: ConnectorSettings;
  readonly redact?: { readonly headers?: readonly string[]; readonly queryParameters?: readonly string[] };
  readonly call?: CallUpstream;
  readonly requestHeaders?: Record<string, readonly string[]>;
  readonly variables?: Record<string, unknown>;
}

/** Runs one query with a debug log, and gives what a client would see of it. */
async function debug(
  sdl: string,
  answer: (request: SeenRequest, url: URL) => Answer,
  query: string,
  { settings = {}, redact = {}, call = callUpstream, requestHeaders = {}, variables = {} }: Setup = {},
): Promise<any> {
  server = await RestServer.start(answer);
  const shop = loadSubgraph(sdl, server.origin, settings, call);
  const log = new DebugLog();
  const contextValue = {
    call: {
      signal: new AbortController().signal,
      deadlineAt: performance.now() + 10_000,
      identity: '',
      requestId: 'r1',
    },
    requestHeaders,
    entries: {},
    operation: new Map(),
    debug: log,
  };
  await execute({ schema: shop.schema, document: parse(query), contextValue, variableValues: variables });
  const payload = buildDebugPayload(log, createRedactionRules({ ...redact, secrets: shop.secrets }));
  return JSON.parse(JSON.stringify(payload));
}

const things = (connect: string, source = '') => `${head('0.4', source)}
  type Query {
    thing(id: ID, note: String): Thing @connect(source: "a", ${connect})
    all: [Thing] @connect(source: "a", http: { GET: "/all" }, selection: "id name tags { label }")
  }
  type Thing { id: ID name: String tags: [Tag] }
  type Tag { label: String }`;
const get = 'http: { GET: "/things/{$args.id}" } selection: "id name: title tags { label }"';

describe('an item', () => {
  test('of a GET has every field of the protocol, the optional ones as null', async () => {
    const { version, data } = await debug(
      things(get),
      () => ({ body: { id: 1, title: 'Dune' } }),
      '{ thing(id: 1) { name } }',
    );
    expect(version).toBe('2');
    expect(data).toEqual([
      {
        request: {
          url: `${server.origin}/things/1`,
          method: 'GET',
          headers: [],
          body: null,
          sourceUrl: { base: server.origin, path: null, queryParams: null },
          connectUrl: { base: '/things/{$args.id}', path: null, queryParams: null },
          sourceHeaders: null,
          connectHeaders: null,
        },
        response: {
          status: 200,
          headers: expect.arrayContaining([['content-type', 'application/json']]),
          body: {
            kind: 'json',
            content: { id: 1, title: 'Dune' },
            selection: {
              source: 'id name: title tags { label }',
              transformed: 'name: title',
              result: { name: 'Dune' },
            },
          },
          errors: null,
        },
        problems: [],
      },
    ]);
    // The order is that of the field list, for those who compare bytes
    expect(Object.keys(data[0].request)).toEqual(
      'url method headers body sourceUrl connectUrl sourceHeaders connectHeaders'.split(' '),
    );
    expect(Object.keys(data[0].response)).toEqual(['status', 'headers', 'body', 'errors']);
    expect(Object.keys(data[0].response.body)).toEqual(['kind', 'content', 'selection']);
  });

  test('has the templates of headers that set a value, and all headers that were sent', async () => {
    const sdl = things(
      `http: { GET: "/t" headers: [{ name: "X-Own", value: "n-{$args.id}" }, { name: "X-Copy", from: "x-in" }] } selection: "id"`,
      'headers: [{ name: "X-Src", value: "s" }] path: "$([\\"v1\\"])" queryParams: "q: $(1)"',
    );
    const { data } = await debug(sdl, () => ({ body: { id: 1 } }), '{ thing(id: 7) { id } }', {
      requestHeaders: { 'x-in': ['one', 'two'] },
    });
    const { request } = data[0];
    expect(request.headers).toEqual([
      ['x-own', 'n-7'],
      ['x-copy', 'one'],
      ['x-copy', 'two'],
      ['x-src', 's'],
    ]);
    expect(request.sourceHeaders).toEqual([['x-src', 's']]);
    expect(request.connectHeaders).toEqual([['x-own', 'n-{$args.id}']]);
    expect(request.sourceUrl).toEqual({ base: server.origin, path: '$(["v1"])', queryParams: 'q: $(1)' });
  });

  test('over the real client has the headers as they went over the wire', async () => {
    client = createUpstream();
    const { data } = await debug(things(get), () => ({ body: {} }), '{ thing(id: 1) { name } }', { call: client.call });
    expect(data[0].request.headers).toContainEqual(['x-request-id', 'r1']);
    expect(data[0].request.headers).toContainEqual(['accept-encoding', 'gzip, br']);
  });

  test.each([
    { type: 'application/json', kind: 'json', content: { n: 'x y' } },
    { type: 'application/x-www-form-urlencoded', kind: 'form-urlencoded', content: 'n=x+y' },
  ])('with a body of $type has it as $kind, and its mapping', async ({ type, kind, content }) => {
    const sdl = things(
      `http: { POST: "/t" body: "n: $args.note" headers: { name: "content-type", value: "${type}" } } selection: "id"`,
    );
    const { data } = await debug(sdl, () => ({ body: {} }), '{ thing(note: "x y") { id } }');
    const source = 'n: $args.note';
    expect(data[0].request.body).toEqual({
      kind,
      content,
      selection: { source, transformed: source, result: { n: 'x y' } },
    });
  });

  test('of a failure has the error mappings and no selection', async () => {
    const errors = 'errors: { message: "$.detail" extensions: "a: $.nope" }';
    const sdl = things(`${errors} isSuccess: "$.ok->not" ${get}`);
    const { data } = await debug(sdl, () => ({ status: 500, body: { detail: 'no' } }), '{ thing(id: 1) { id } }');
    expect(data[0].response).toMatchObject({
      status: 500,
      body: { kind: 'json', content: { detail: 'no' }, selection: null },
      errors: { message: '$.detail', sourceExtensions: null, connectExtensions: 'a: $.nope' },
    });
    const locations = data[0].problems.map(({ location }: { location: string }) => location);
    expect(locations).toEqual(['IsSuccess', 'ConnectErrorsExtensions']);
  });

  test('of an answer that does not parse has its text and no selection', async () => {
    client = createUpstream();
    const answer = () => ({ body: '<html>oops', headers: { 'content-type': 'application/json' } });
    const { data } = await debug(things(get), answer, '{ thing(id: 1) { id } }', { call: client.call });
    expect(data[0].response.body).toEqual({ kind: 'invalid', content: '<html>oops', selection: null });
  });

  test('is not there for a call without an answer', async () => {
    client = createUpstream({ settings: { retry: { retries: 0 } } });
    const sdl = things(get).replace('{origin}', 'http://127.0.0.1:1');
    const { data } = await debug(sdl, () => ({}), '{ thing(id: 1) { id } }', { call: client.call });
    expect(data).toEqual([]);
  });
});

describe('problems', () => {
  test('of the items of a list are one, its index written "@", in the order of the parts', async () => {
    const body = { id: 1, tags: [{ label: 'a' }, {}, {}, {}] };
    const sdl = things('http: { POST: "/things/{$args.note}" body: "n: $args.id" } selection: "id tags { label }"');
    const { data } = await debug(sdl, () => ({ body }), '{ thing(id: 1) { id tags { label } } }');
    const rows = data[0].problems.map(({ location, details }: any) => [location, details.path, details.count]);
    expect(rows).toEqual([
      ['ConnectUrl', '$args.note', 1],
      ['Selection', 'tags.@.label', 3],
    ]);
    expect(data[0].problems[0].details.message).toContain('note');
  });
});

describe('several calls', () => {
  const batch = `${head()}
    type Query { books: [Book] @connect(source: "a", http: { GET: "/all" }, selection: "id") }
    type Book @key(fields: "id") @connect(source: "a", http: { GET: "/books", queryParams: "ids: $batch.id" },
      selection: "$.items { id title }") { id: ID! title: String }`;

  test('are in the order of their answers; a batch is one call', async () => {
    const { data } = await debug(
      batch,
      (_request, url) =>
        url.pathname === '/all'
          ? { body: [{ id: '1' }, { id: '2' }] }
          : {
              body: {
                items: [
                  { id: '2', title: 'B' },
                  { id: '1', title: 'A' },
                ],
              },
            },
      '{ books { title } }',
    );
    expect(data.map(({ request }: any) => request.url.slice(server.origin.length))).toEqual([
      '/all',
      '/books?ids=1&ids=2',
    ]);
    expect(data[1].response.body.selection.result).toEqual([
      { id: '2', title: 'B' },
      { id: '1', title: 'A' },
    ]);
  });

  test('of a key list show its template and the items it mapped', async () => {
    const sdl = `${head()}
      type Query { books: [Book] @connect(source: "a", http: { GET: "/all" }, selection: "id") }
      type Book @key(fields: "id") @connect(source: "a", http: { GET: "/books/{$this.id}" }, selection: "id title")
        @tributaryKeyList(GET: "/books", param: "ids") { id: ID! title: String }`;
    const { data } = await debug(
      sdl,
      (_request, url) =>
        url.pathname === '/all'
          ? { body: [{ id: '1' }, { id: '2' }] }
          : {
              body: [
                { id: '1', title: 'A' },
                { id: '2', title: 'B' },
              ],
            },
      '{ books { title } }',
    );
    expect(data[1].request.connectUrl.base).toBe('/books');
    expect(data[1].response.body.selection).toMatchObject({
      transformed: 'id title',
      result: [
        { id: '1', title: 'A' },
        { id: '2', title: 'B' },
      ],
    });
  });
});

describe('secrets', () => {
  const secret = 's3cret/tök en';
  const settings: ConnectorSettings = {
    sources: { a: { config: { token: secret, short: 'abc', deep: [{ pin: 123456 }] } } },
    env: { API_PASSWORD: 'hunter22', UNREAD: 'visible-value' },
  };

  test('of $config and $env are masked wherever their text appears, encoded or not', async () => {
    const sdl = things(
      `http: { POST: "/t/{$config.token}?x={$config.token}" body: "a: $config.token b: $config.deep->first.pin c: $env.API_PASSWORD d: $config.short" } selection: "id name"`,
    );
    const { data } = await debug(
      sdl,
      (request) => ({
        headers: { 'x-echo': Buffer.from('hunter22').toString('base64') },
        body: { id: 1, name: `${request.url} ${request.body} visible-value`, hunter22: 1 },
      }),
      '{ thing { id name } }',
      { settings },
    );
    const text = JSON.stringify(data);
    for (const hidden of ['s3cret', 'hunter22', '123456', 'aHVudGVyMjI', encodeURIComponent(secret)]) {
      expect(text).not.toContain(hidden);
    }
    expect(data[0].request.url).toBe(`${server.origin}/t/***?x=***`);
    expect(data[0].request.body.content).toEqual({ a: '***', b: '***', c: '***', d: 'abc' });
    expect(text).toContain('visible-value');
  });

  test.each(['authorization', 'cookie', 'x-api-key', 'apikey', 'X-Mine'])(
    'in the header %s are masked, also where the service echoes them',
    async (name) => {
      const sdl = things(
        `http: { GET: "/t" headers: { name: "${name}", from: "${name}" } } selection: "id name: echo"`,
      );
      const { data } = await debug(
        sdl,
        (request) => ({
          headers: { 'set-cookie': 'session=zzzzzz' },
          body: { id: 1, echo: request.headers[name.toLowerCase()] },
        }),
        '{ thing { name } }',
        { requestHeaders: { [name.toLowerCase()]: ['Bearer abcdef'] }, redact: { headers: ['x-mine'] } },
      );
      expect(data[0].request.headers).toEqual([[name.toLowerCase(), '***']]);
      expect(JSON.stringify(data)).not.toMatch(/abcdef|zzzzzz/);
      expect(data[0].response.headers).toContainEqual(['set-cookie', '***']);
    },
  );

  test.each(['api_key', 'apikey', 'key', 'token', 'access_token', 'sig', 'signature', 'Mine'])(
    'in the query parameter %s are masked, also in templates and answers',
    async (name) => {
      const sdl = things(`http: { GET: "/t?${name}=abcdef&other=1" } selection: "id name"`);
      const { data } = await debug(sdl, (request) => ({ body: { id: 1, name: request.url } }), '{ thing { name } }', {
        redact: { queryParameters: ['mine'] },
      });
      expect(data[0].request.url).toBe(`${server.origin}/t?${name}=***&other=1`);
      expect(data[0].request.connectUrl.base).toBe(`/t?${name}=***&other=1`);
      expect(JSON.stringify(data)).not.toContain('abcdef');
    },
  );

  test('at the place where a long body is cut are masked before it is cut', async () => {
    const name = `${'x'.repeat(64 * 1024 - 20)}hunter22${'y'.repeat(100)}`;
    const { data } = await debug(
      things(`http: { GET: "/t?p={$env.API_PASSWORD}" } selection: "id"`),
      () => ({ body: { id: 1, name } }),
      '{ thing { id } }',
      { settings },
    );
    expect(data[0].response.body.content).not.toContain('hunter');
  });
});

test('a body over 64 KB is its first 64 KB and a note of its size; a smaller one is whole', async () => {
  const answerOf = (length: number) => () => ({ body: { id: 1, title: 'é'.repeat(length) } });
  const small = await debug(things(get), answerOf(32_000), '{ thing(id: 1) { id } }');
  expect(small.data[0].response.body.content.title).toHaveLength(32_000);
  await server.stop();
  const large = await debug(things(get), answerOf(40_000), '{ thing(id: 1) { id } }');
  const { content, kind, selection } = large.data[0].response.body;
  expect(kind).toBe('json');
  expect(content).toMatch(/^\{"id":1,"title":"é+\n\.\.\. cut after 64 KB, 80019 bytes in all$/);
  expect(Buffer.byteLength(content)).toBeLessThan(64 * 1024 + 60);
  expect(selection.result).toEqual({ id: 1 });
});

test('without a log a call is built and mapped as ever', async () => {
  server = await RestServer.start(() => ({ body: { id: 1, title: 'Dune' } }));
  const shop = loadSubgraph(things(get), server.origin);
  expect(await shop.query('{ thing(id: 1) { name } }')).toEqual({ data: { thing: { name: 'Dune' } } });
});
