// Spans of requests through a whole gateway, as a collector gets them.
import { describe, expect, it } from 'vitest';
import { startReloadingGateway } from '../../faults/reloading-gateway.ts';
import { startSmallGateway } from '../small-gateway.ts';
import { startFakeCollector, type SeenSpan } from './fake-collector.ts';

const sdl = `extend schema @link(url: "https://specs.apollo.dev/connect/v0.2", import: ["@source", "@connect"])
  @source(name: "api", http: {
    baseURL: "{origin}"
    headers: [{ name: "X-Key", value: "{$config.key}" }]
    queryParams: "key: $config.key"
  })
type Query {
  book(id: ID!): Book @connect(source: "api", http: { GET: "/books/{$args.id}?literal=secret-0" }, selection: "title")
}
type Book { title: String }`;

const settingsWith = (endpoint: string, engine: string, more = '') => `
engine: ${engine}
telemetry: { traces: { endpoint: '${endpoint}', headers: { api-key: secret-1 } ${more} } }
connectors: { sources: { shop.api: { $config: { key: secret-2 } } } }`;

const traceId = '0af7651916cd43dd8448eb211c80319c';
const from = (flags: string) => `00-${traceId}-b7ad6b7169203331-${flags}`;
const query = 'query Title($id: ID = "secret-3") { book(id: $id) { title } }';

const named = (spans: readonly SeenSpan[], name: string) => spans.filter((span) => span.name === name);
const isOver = (spans: readonly SeenSpan[]) => spans.some(({ kind }) => kind === 2);

describe.each(['apollo', 'tributary'])('with engine: %s', (engine) => {
  it('a request that is repeated once is server, plan, fetch, connect and two http_request, each below the one before', async () => {
    const collector = await startFakeCollector();
    let calls = 0;
    const gateway = await startSmallGateway({
      sdl,
      settings: settingsWith(collector.endpoint, engine),
      answer: () => (calls++ === 0 ? { status: 503, body: {} } : { body: { title: 'T' } }),
    });
    const headers = { traceparent: from('01'), authorization: 'Bearer secret-4', 'x-request-id': 'r-1' };
    expect(await gateway.ask(query, headers)).toEqual({ data: { book: { title: 'T' } } });
    await collector.until(isOver);
    const { spans } = collector;
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
    expect(new Set(spans.map((span) => span.service))).toEqual(new Set(['tributary']));

    const [server] = named(spans, 'POST /graphql');
    expect(server).toMatchObject({
      parentSpanId: 'b7ad6b7169203331',
      kind: 2,
      hasFailed: false,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'http.response.status_code': 200,
        'graphql.operation.type': 'query',
        'graphql.operation.name': 'Title',
        'tributary.request_id': 'r-1',
      },
    });
    // The planner of the other engine is inside its library.
    expect(named(spans, 'plan').map(({ parentSpanId }) => parentSpanId)).toEqual(
      engine === 'tributary' ? [server!.spanId] : [],
    );
    const [fetched, ...otherFetches] = named(spans, 'fetch');
    expect(otherFetches).toEqual([]);
    expect(fetched).toMatchObject({ parentSpanId: server!.spanId, attributes: { 'tributary.subgraph': 'shop' } });
    const [connect, ...otherCalls] = named(spans, 'connect');
    expect(otherCalls).toEqual([]);
    expect(connect).toMatchObject({
      parentSpanId: fetched!.spanId,
      hasFailed: false,
      events: ['retry'],
      attributes: {
        'apollo.connector.type': 'http',
        'apollo.connector.coordinate': 'shop:Query.book[0]',
        'apollo.connector.detail': '{"GET":"/books/{$args.id}"}',
        'apollo.connector.selection': 'title',
        'apollo.connector.source.name': 'api',
        'apollo.connector.source.detail': `{"baseURL":"${gateway.rest.origin}"}`,
        'tributary.service': 'shop',
        'http.response.status_code': 200,
      },
    });
    const attempts = named(spans, 'http_request');
    const port = Number(new URL(gateway.rest.origin).port);
    expect(attempts.map(({ parentSpanId }) => parentSpanId)).toEqual([connect!.spanId, connect!.spanId]);
    expect(attempts).toMatchObject([
      { kind: 3, hasFailed: true, attributes: { 'http.response.status_code': 503, 'error.type': '503' } },
      { kind: 3, hasFailed: false, attributes: { 'http.response.status_code': 200, 'http.request.resend_count': 1 } },
    ]);
    expect(attempts[0]!.attributes).toMatchObject({ 'server.address': '127.0.0.1', 'server.port': port });
    expect(attempts[0]!.attributes).not.toHaveProperty('http.request.resend_count');
    expect(spans).toHaveLength(engine === 'tributary' ? 6 : 5);

    // The service hangs its own spans on the attempt that asked it.
    expect(gateway.rest.requests.map((request) => request.headers['traceparent'])).toEqual(
      attempts.map(({ spanId }) => `00-${traceId}-${spanId}-01`),
    );
    expect(gateway.rest.requests[0]!.url).toContain('secret-2');
    expect(collector.headers[0]!['api-key']).toBe('secret-1');
    expect(collector.bodies.join('')).not.toMatch(/secret-\d/);
  });

  it('a caller that does not sample gets no spans, and its trace goes on to the service all the same', async () => {
    const collector = await startFakeCollector();
    const gateway = await startSmallGateway({
      sdl,
      settings: settingsWith(collector.endpoint, engine),
      answer: () => ({ body: { title: 'T' } }),
    });
    await gateway.ask('{ book(id: 1) { title } }', { traceparent: from('00') });
    expect(gateway.rest.requests[0]!.headers['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
    await gateway.ask('{ book(id: 2) { title } }', { traceparent: from('01') });
    await collector.until(isOver);
    expect(named(collector.spans, 'POST /graphql')).toHaveLength(1);
  });
});

it('a request without a trace, or with one that is not valid, begins its own; sample: 0 traces none of them', async () => {
  const collector = await startFakeCollector();
  const answer = () => ({ body: { title: 'T' } });
  const all = await startSmallGateway({ sdl, settings: settingsWith(collector.endpoint, 'tributary'), answer });
  await all.ask('{ book(id: 1) { title } }');
  await all.ask('{ book(id: 2) { title } }', { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` });
  const none = await startSmallGateway({
    sdl,
    settings: settingsWith(collector.endpoint, 'tributary', ', sample: 0'),
    answer,
  });
  await none.ask('{ book(id: 3) { title } }');
  expect(none.rest.requests[0]!.headers['traceparent']).toMatch(/-00$/);
  await collector.until((spans) => named(spans, 'POST /graphql').length === 2);
  const servers = named(collector.spans, 'POST /graphql');
  expect(servers.map(({ parentSpanId }) => parentSpanId)).toEqual([undefined, undefined]);
  expect(servers[0]!.traceId).not.toBe(servers[1]!.traceId);
});

it('an answer with errors names their codes, a failed call its own', async () => {
  const collector = await startFakeCollector();
  const gateway = await startSmallGateway({
    sdl,
    settings: settingsWith(collector.endpoint, 'tributary'),
    answer: () => ({ status: 404, body: {} }),
  });
  await gateway.ask('{ book(id: "secret-5") { title } }');
  await collector.until(isOver);
  const [server] = named(collector.spans, 'POST /graphql');
  expect(server!.attributes).toMatchObject({ 'tributary.error_count': 1, 'http.response.status_code': 200 });
  expect(server!.attributes['tributary.error_codes']).toHaveLength(1);
  expect(named(collector.spans, 'fetch')[0]).toMatchObject({ hasFailed: true });
  expect(collector.bodies.join('')).not.toContain('secret-5');
});

it('a REST request is named by its route, also after a reload; pages and probes have no spans', async () => {
  const collector = await startFakeCollector();
  const traces = `{ endpoint: '${collector.endpoint}' }`;
  const gateway = await startReloadingGateway(`reload: { watch: false }\ntelemetry: { traces: ${traces} }`);
  await fetch(`${gateway.server.url}/health/ready`);
  await gateway.rest('/books/secret-6');
  gateway.write(
    'routes/more.graphql',
    'query again($id: ID!) @http(method: GET, route: "/more/{id}") { book(id: $id) { id } }',
  );
  expect(await gateway.server.reload()).toMatchObject({ state: 'applied', isGraphNew: true });
  await gateway.rest('/more/secret-6');
  await gateway.rest('/nothing/secret-6');
  await gateway.ask('query Planned { book(id: "b") { year } }');
  await collector.until((spans) => spans.filter(({ kind }) => kind === 2).length === 4);
  const servers = collector.spans.filter(({ kind }) => kind === 2);
  expect(servers.map(({ name }) => name)).toEqual([
    'GET /rest/books/{id}',
    'GET /rest/more/{id}',
    'GET /rest',
    'POST /graphql',
  ]);
  expect(servers[0]!.attributes).toMatchObject({
    'http.route': '/rest/books/{id}',
    'graphql.operation.name': 'getBook',
    'http.response.status_code': 200,
  });
  expect(servers[2]!.attributes['http.response.status_code']).toBe(404);
  // After a reload a thread plans, and its plan hangs on the request all the same.
  expect(named(collector.spans, 'plan').at(-1)).toMatchObject({ parentSpanId: servers[3]!.spanId });
  expect(collector.bodies.join('')).not.toContain('secret-6');
}, 120_000);
