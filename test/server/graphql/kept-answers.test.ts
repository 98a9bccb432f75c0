/** `sharing.cache`: whole answers are given again while they are fresh, to the same identity, and until something is written. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSmallGateway, type SmallGateway } from '../../http/small-gateway.ts';

const sdl = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.2", import: ["@connect", "@source"])
  @source(name: "api", http: { baseURL: "SOURCE", headers: [{ name: "x-tenant", from: "x-tenant" }] })
directive @cacheControl(maxAge: Int, scope: CacheControlScope) on FIELD_DEFINITION | OBJECT
enum CacheControlScope { PUBLIC PRIVATE }
type Query {
  open(a: Int, b: Int): Thing @cacheControl(maxAge: 60, scope: PUBLIC) @connect(source: "api", http: { GET: "/open?a={$args.a}&b={$args.b}" }, selection: "call who")
  own: Thing @cacheControl(maxAge: 60, scope: PRIVATE) @connect(source: "api", http: { GET: "/own" }, selection: "call who")
  told: Thing @connect(source: "api", http: { GET: "/told" }, selection: "call who")
  silent: Thing @connect(source: "api", http: { GET: "/silent" }, selection: "call who")
  broken: Thing @cacheControl(maxAge: 60) @connect(source: "api", http: { GET: "/broken" }, selection: "call who")
}
type Mutation { write: Thing @connect(source: "api", http: { POST: "/write", body: "$('x')" }, selection: "call who") }
type Thing { call: Int who: String }
`;

let calls = 0;
let gateway: SmallGateway;
beforeAll(async () => {
  gateway = await startSmallGateway({
    sdl,
    settings: 'sharing: { cache: { enabled: true } }\nupstream: { cache: { enabled: false }, retry: { retries: 0 } }\n',
    serve(request, response) {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/told') response.setHeader('cache-control', 'max-age=60');
      if (request.url === '/broken') response.statusCode = 500;
      response.end(JSON.stringify({ call: ++calls, who: request.headers['x-tenant'] ?? 'nobody' }));
    },
  });
});
afterAll(() => gateway?.close());

interface Asked {
  readonly text: string;
  readonly thing: { readonly call: number; readonly who: string };
  readonly headers: Headers;
}

async function ask(body: string | object, headers: Record<string, string> = {}): Promise<Asked> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const { data } = JSON.parse(text) as { data: Record<string, Asked['thing']> };
  return { text, thing: Object.values(data)[0]!, headers: response.headers };
}

const query = (field: string) => ({ query: `{ ${field} { call who } }` });

// A mutation ends all that is kept.
beforeEach(async () => void (await ask({ query: 'mutation { write { call } }' })));

describe('an answer is given again', () => {
  it.each(['open', 'own', 'told'])('when the graph or the service says how long it is fresh: %s', async (field) => {
    const [first, again] = [await ask(query(field)), await ask(query(field))];
    expect(again.text).toBe(first.text);
    expect(again.headers.get('age')).toMatch(/^\d$/);
    expect(again.headers.get('cache-status')).toMatch(/^tributary; hit; ttl=(?:60|5\d)$/);
    expect([first.headers.get('age'), first.headers.get('cache-status')]).toEqual([null, null]);
  });

  it('when the variables come in another order', async () => {
    const text = '"query":"query($a: Int, $b: Int) { open(a: $a, b: $b) { call who } }"';
    const first = await ask(`{${text},"variables":{"a":1,"b":2}}`);
    expect((await ask(`{ "variables": { "b": 2, "a": 1 }, ${text} }`)).thing).toEqual(first.thing);
    expect((await ask(`{${text},"variables":{"a":2,"b":1}}`)).thing.call).not.toBe(first.thing.call);
  });
});

describe('an answer is made anew', () => {
  it.each(['silent', 'broken'])('when nobody says that it is fresh, or something failed: %s', async (field) => {
    await ask(query(field));
    const before = calls;
    const again = await ask(query(field));
    expect([calls, again.headers.get('age')]).toEqual([before + 1, null]);
  });

  const identities: Record<string, readonly Record<string, string>[]> = {
    'other credentials': [{ authorization: 'Bearer a' }, { authorization: 'Bearer b' }],
    'credentials and none': [{ authorization: 'Bearer a' }, {}],
    'other cookies': [{ cookie: 'session=a' }, { cookie: 'session=b' }],
    'other API keys': [{ 'x-api-key': 'a' }, { 'x-api-key': 'b' }],
    'another value of a header that a connector sends on': [{ 'x-tenant': 'a' }, { 'x-tenant': 'b' }],
  };
  it.each(
    Object.entries(identities).flatMap(([name, clients]) =>
      ['open', 'own', 'told'].map((field) => ({ name, clients, field })),
    ),
  )('for two clients with $name, also when it is public: $field', async ({ clients, field }) => {
    const [one, other] = [await ask(query(field), clients[0]), await ask(query(field), clients[1])];
    expect(other.thing.call).not.toBe(one.thing.call);
    expect([one, other].map(({ thing }) => thing.who)).toEqual(clients.map((client) => client['x-tenant'] ?? 'nobody'));
    expect((await ask(query(field), clients[0])).text).toBe(one.text);
    expect((await ask(query(field), clients[1])).text).toBe(other.text);
  });

  it('once a mutation has ended', async () => {
    const first = await ask(query('open'));
    await ask({ query: 'mutation { write { call } }' });
    expect((await ask(query('open'))).thing.call).toBeGreaterThan(first.thing.call + 1);
  });

  it('for a client that asks caches for it', async () => {
    const first = await ask(query('open'));
    const anew = await ask(query('open'), { 'cache-control': 'no-cache' });
    expect(anew.thing.call).toBe(first.thing.call + 1);
  });

  it('for each mutation', async () => {
    const write = { query: 'mutation { write { call } }' };
    const [first, second] = [await ask(write), await ask(write)];
    expect(second.thing.call).toBe(first.thing.call + 1);
  });
});

it('a query by GET has its own, with its age beside its tag', async () => {
  const address = `${gateway.url}/graphql?${new URLSearchParams({ query: '{ open { call } }' }).toString()}`;
  const get = () => fetch(address, { headers: { 'apollo-require-preflight': 'true' } });
  const [first, again] = [await get(), await get()];
  expect(await again.text()).toBe(await first.text());
  expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
  expect(again.headers.get('age')).not.toBeNull();
});
