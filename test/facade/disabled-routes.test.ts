/** Routes that do not fit a changed graph (facade.md 2.4, O1): each is switched off alone, and says so. */
import { buildSchema, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createFacade, FaultsError, type Facade, type FacadeRequest } from '../../gateway/facade/index.ts';
import { documents, schema } from './bookshop.ts';

const extra = {
  file: 'schema/rest/v2/extra.graphql',
  text: `fragment Extra on Book { id title priceNumber }
query extraBook($id: ID!) @http(method: GET, route: "/extras/{id}") { book(id: $id) { ...Extra } }
query linked($id: ID!) @http(method: GET, route: "/linked/{id}")
  @rels(add: [{ rel: "extra", to: "extraBook", args: "id: $.id" }]) { book(id: $id) { id title } }
`,
};

/** The graph of the bookshop after a field has gone, or been renamed. */
const without = (field: string) => buildSchema(printSchema(schema).replace(new RegExp(`^  ${field}: .*$`, 'm'), ''));

const build = (changed: typeof schema, canDisableRoutes = true): Facade =>
  createFacade({
    documents: [...documents, extra],
    schema: changed,
    execute: async () => ({ data: { book: { id: 'b', title: 'T' } } }),
    basePath: '/rest',
    info: { title: 'Bookshop', version: '2.0.0' },
    canDisableRoutes,
  });

const ask = async (facade: Facade, method: string, path: string) => {
  const { status, headers, body } = await facade.handle({
    method,
    path: `/rest${path}`,
    query: '',
    headers: {},
    body: undefined,
    requestId: 'r',
    origin: 'http://127.0.0.1',
    signal: new AbortController().signal,
    deadlineAt: performance.now() + 30_000,
  } satisfies FacadeRequest);
  const type = typeof body === 'string' && body !== '' ? (JSON.parse(body) as { type?: string }).type : undefined;
  return { status, retryAfter: headers['retry-after'], allow: headers['allow'], type };
};

describe('a route that does not fit the graph any more', () => {
  it('answers 503 route-disabled with Retry-After, with and without its version in the path', async () => {
    const facade = build(without('priceNumber'));
    const refused = { status: 503, retryAfter: '60', type: '/rest/problems/route-disabled', allow: undefined };
    expect(await ask(facade, 'GET', '/extras/b')).toEqual(refused);
    expect(await ask(facade, 'GET', '/v2/extras/b')).toEqual(refused);
    expect(await ask(facade, 'HEAD', '/extras/b')).toMatchObject({ status: 503 });
  });

  it('has methods still: another one is 405 with Allow', async () => {
    const facade = build(without('priceNumber'));
    expect(await ask(facade, 'DELETE', '/extras/b')).toMatchObject({ status: 405, allow: 'GET, HEAD, OPTIONS' });
  });

  it('is listed with the reason, and those that fit are served, a link to it left out', async () => {
    const facade = build(without('priceNumber'));
    expect(facade.disabled).toContainEqual({
      method: 'GET',
      route: '/extras/{id}',
      operation: 'extraBook',
      version: 'v2',
      isCurrent: true,
      file: 'schema/rest/v2/extra.graphql',
      line: 2,
      reasons: ['Cannot query field "priceNumber" on type "Book"'].map((text) => expect.stringContaining(text)),
    });
    expect(await ask(facade, 'GET', '/linked/b')).toMatchObject({ status: 200 });
    expect(facade.routes.map(({ operation }) => operation)).toContain('linked');
  });

  it('nothing is switched off where everything fits', () => {
    const facade = build(schema);
    expect(facade.disabled).toEqual([]);
  });

  it('stops a start, which has nothing to go on with', () => {
    expect(() => build(without('priceNumber'), false)).toThrow(FaultsError);
  });

  it('a document that does not parse cannot be switched off', () => {
    expect(() =>
      createFacade({
        documents: [...documents, { file: 'broken.graphql', text: 'query {' }],
        schema,
        execute: async () => ({}),
        basePath: '/rest',
        canDisableRoutes: true,
      }),
    ).toThrow(FaultsError);
  });
});
