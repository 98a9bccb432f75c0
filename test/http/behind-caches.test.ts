/**
 * The gateway behind the caches people have, with the files of deploy/cache: what may be shared is answered without the gateway, what
 * is past its time costs a 304, and what belongs to one caller stays his. Skipped where Debian's nginx-light or varnish is not installed.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { isInstalled, startSharedCache, type CacheName, type SharedCache } from './shared-cache.ts';
import { startSmallGateway, type SmallGateway } from './small-gateway.ts';

const sdl = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.2", import: ["@connect", "@source"])
  @source(name: "api", http: { baseURL: "SOURCE", headers: [
    { name: "authorization", from: "authorization" }
    { name: "x-tenant", from: "x-tenant" }
  ] })
directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT
enum CacheControlScope { PUBLIC PRIVATE }
type Query {
  book(id: ID!): Book @connect(source: "api", http: { GET: "/books/{$args.id}" }, selection: "id title", entity: true)
  hinted(id: ID!): Book @cacheControl(maxAge: 60)
    @connect(source: "api", http: { GET: "/books/{$args.id}" }, selection: "id title")
}
type Book @key(fields: "id") { id: ID! title: String }
`;

const route = (name: string, path: string, more: string) => `
query ${name}($id: ID!) @http(method: GET, route: "${path}/{id}") ${more} { book(id: $id) { id title } }
`;
const routes = [
  route('GetBook', '/books', '@resource(type: "Book") @cache(maxAge: 60)'),
  route('GetUnknown', '/unknown', ''),
  route('GetShort', '/short', '@cache(maxAge: 1)'),
  route('GetStale', '/stale', '@cache(maxAge: 1, staleWhileRevalidate: 60)'),
].join('');

let title = 'Madame Bovary';
let gateway: SmallGateway;
beforeAll(async () => {
  gateway = await startSmallGateway({
    sdl,
    settings: 'facade: { operations: rest, cacheTags: [Surrogate-Key] }\n',
    files: { 'rest/books.graphql': routes },
    serve(request, response) {
      response.setHeader('content-type', 'application/json');
      const id = request.url?.split('/')[2];
      if (id === 'nobody') return void response.writeHead(404).end('{}');
      const reader = request.headers.authorization ?? request.headers['x-tenant']?.toString() ?? 'nobody';
      response.end(JSON.stringify({ id, title: `${title} for ${reader}. `.repeat(id === 'long' ? 100 : 1) }));
    },
  });
});
afterAll(() => gateway?.close());

describe.each<CacheName>(['nginx', 'varnish'])('behind %s', (name) => {
  describe.skipIf(!isInstalled(name))(
    `as deploy/cache sets it up${isInstalled(name) ? '' : ' (not installed)'}`,
    () => {
      let cache: SharedCache;
      beforeAll(async () => {
        cache = await startSharedCache(name, gateway.url);
      });
      afterAll(() => cache?.close());
      beforeEach(() => void (title = 'Madame Bovary'));

      const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
        fetch(cache.url + path, { headers: { 'accept-encoding': 'identity', ...headers } });
      /** How often the gateway is asked meanwhile. */
      const passing = async (action: () => Promise<unknown>): Promise<string[]> => {
        const before = cache.passed.length;
        await action();
        return cache.passed.slice(before);
      };

      it('what is fresh is answered without the gateway', async () => {
        const first = await get('/rest/books/1');
        expect(first.status).toBe(200);
        const body = await first.text();
        expect(first.headers.get('surrogate-key')).toBeNull();
        const passed = await passing(async () => expect(await (await get('/rest/books/1')).text()).toBe(body));
        expect(passed).toEqual([]);
      });

      it('a client that has it is told 304 without the gateway', async () => {
        const etag = (await get('/rest/books/2')).headers.get('etag')!;
        const passed = await passing(async () =>
          expect((await get('/rest/books/2', { 'if-none-match': etag })).status).toBe(304),
        );
        expect(passed).toEqual([]);
      });

      it.each([
        ['media types', 'accept', 'application/json', 'application/hal+json'],
        ['codings', 'accept-encoding', 'identity', 'gzip'],
      ])('%s are kept apart', async (_what, header, one, other) => {
        const read = async (value: string) => {
          const answer = await get('/rest/books/long', { [header]: value });
          return [answer.headers.get('content-type'), answer.headers.get('content-encoding'), await answer.json()];
        };
        const both = [await read(one), await read(other)];
        expect(both[0]).not.toEqual(both[1]);
        const passed = await passing(async () => expect([await read(one), await read(other)]).toEqual(both));
        expect(passed).toEqual([]);
      });

      it('what belongs to one caller is given to nobody else, and he gets nothing of others', async () => {
        const read = async (headers: Record<string, string>) =>
          ((await (await get('/rest/books/3', headers)).json()) as { title: string }).title.trim();
        const [ana, bo] = [{ authorization: 'Ana' }, { authorization: 'Bo' }];
        const readAll = async () => [await read(ana), await read({}), await read(bo), await read(ana), await read({})];
        const titles = ['Ana', 'nobody', 'Bo', 'Ana', 'nobody'].map((reader) => `Madame Bovary for ${reader}.`);
        const passed = await passing(async () => expect(await readAll()).toEqual(titles));
        expect(passed).toHaveLength(4);
      });

      it('callers are kept apart by what services see of them', async () => {
        const read = async (path: string, tenant: string) =>
          (await (await get(path, { 'x-tenant': tenant, 'apollo-require-preflight': '1' })).text()).includes(tenant);
        const paths = ['/rest/books/5', '/graphql?query={hinted(id:5){title}}'];
        const passed = await passing(async () => {
          for (const path of paths)
            for (const tenant of ['North', 'South', 'North']) expect(await read(path, tenant)).toBe(true);
        });
        expect(passed).toHaveLength(4);
      });

      it.each([
        ['a cookie', { cookie: 'session=1' }],
        ['a key', { 'x-api-key': 'secret' }],
      ])('with %s the gateway is asked each time', async (_what, headers: Record<string, string>) => {
        await get('/rest/books/4');
        const twice = async () => [await get('/rest/books/4', headers), await get('/rest/books/4', headers)];
        expect(await passing(twice)).toHaveLength(2);
      });

      it.each([
        ['an answer of which nothing is known', '/rest/unknown/1', 200],
        ['a missing item', '/rest/books/nobody', 404],
        ['a request that is refused', '/rest/books/1?colour=red', 400],
      ])('%s is not shared', async (_what, path, status) => {
        const twice = async () => {
          for (let i = 0; i < 2; i++) expect((await get(path)).status).toBe(status);
        };
        expect(await passing(twice)).toHaveLength(2);
      });

      it('an answer of which nothing is known costs the gateway the whole, whatever its client has', async () => {
        const etag = (await get('/rest/unknown/2')).headers.get('etag')!;
        const told = { nginx: 200, varnish: 304 };
        const again = () => get('/rest/unknown/2', { 'if-none-match': etag });
        const passed = await passing(async () => expect((await again()).status).toBe(told[name]));
        expect(passed).toEqual(['GET /rest/unknown/2 200']);
      });

      it('what is past its time costs a 304', async () => {
        const body = await (await get('/rest/short/1')).text();
        const passed = await passing(() =>
          vi.waitUntil(async () => (await get('/rest/short/1')).ok && cache.passed.at(-1)?.endsWith('304'), {
            timeout: 10_000,
            interval: 100,
          }),
        );
        expect(passed).toEqual(['GET /rest/short/1 304']);
        expect(await (await get('/rest/short/1')).text()).toBe(body);
      });

      it('what may be stale is given out while the gateway is asked', async () => {
        const read = async () => ((await (await get('/rest/stale/1')).json()) as { title: string }).title;
        await read();
        title = 'Salammbô';
        const before = cache.passed.length;
        let last = '';
        await vi.waitUntil(
          async () => {
            if (cache.passed.length > before) return true;
            last = await read();
            return false;
          },
          { timeout: 10_000, interval: 100 },
        );
        // Who set it off did not wait for it.
        expect(last).toMatch(/^Madame Bovary/);
        await expect.poll(read, { timeout: 10_000 }).toMatch(/^Salammbô/);
        expect(cache.passed.slice(before)).toEqual(['GET /rest/stale/1 200']);
      });

      // The gateway has no parts. nginx gives the whole then (RFC 9110, 14.2 allows it), Varnish cuts by itself.
      it('a part is a part of the same bytes, or all of them', async () => {
        const whole = await (await get('/rest/books/long')).text();
        const part = await get('/rest/books/long', { range: 'bytes=10-19' });
        const expected = { nginx: [200, whole], varnish: [206, whole.slice(10, 20)] };
        expect([part.status, await part.text()]).toEqual(expected[name]);
      });

      it('a persisted query by GET is answered without the gateway', async () => {
        const query = `query Behind_${name} { hinted(id: 1) { id title } }`;
        const sha256Hash = createHash('sha256').update(query).digest('hex');
        const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash } });
        const ask = (parameters: Record<string, string>) =>
          get(`/graphql?${new URLSearchParams(parameters).toString()}`, { 'apollo-require-preflight': 'true' });
        expect(await (await ask({ extensions })).json()).toMatchObject({
          errors: [{ message: 'PersistedQueryNotFound' }],
        });
        await ask({ extensions, query });
        const first = await (await ask({ extensions })).json();
        expect(first).toMatchObject({ data: { hinted: { id: '1' } } });
        const passed = await passing(async () => expect(await (await ask({ extensions })).json()).toEqual(first));
        expect(passed).toEqual([]);
      });

      it.runIf(name === 'varnish')(
        'a purge by tag drops every answer that shows the entity, and no other',
        async () => {
          const paths = ['/rest/books/7', '/rest/stale/7', '/rest/books/77'];
          for (const path of paths) await get(path);
          const purged = await fetch(cache.url, { method: 'PURGE', headers: { 'surrogate-key': 'Book:7 Author:1' } });
          expect(purged.status).toBe(204);
          const passed = await passing(async () => {
            for (const path of paths) await get(path);
          });
          expect(passed).toEqual(['GET /rest/books/7 200', 'GET /rest/stale/7 200']);
        },
      );

      it.runIf(name === 'varnish')('a purge without a tag is refused', async () => {
        expect((await fetch(cache.url, { method: 'PURGE' })).status).toBe(403);
      });
    },
  );
});
