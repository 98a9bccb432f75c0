// Limits of calls per operation (connectors.md 14.1), and a 404 that is a plain null (12.1).
import { afterEach, describe, expect, test } from 'vitest';
import { head, loadSubgraph, RestServer } from '../harness.ts';

let server: RestServer;
afterEach(() => server.stop());

const serve = async (status = 200): Promise<string> => {
  server = await RestServer.start((_request, url) => ({ status, body: { id: url.pathname.slice(1) } }));
  return server.origin;
};

const sdl = `${head()}
  type Query {
    thing(id: ID!): Thing @connect(source: "a", http: { GET: "/{$args.id}" }, selection: "id")
    other(id: ID!): Thing @connect(http: { GET: "{origin}/other/{$args.id}" }, selection: "id")
  }
  type Mutation { drop(id: ID!): Thing @connect(source: "a", http: { DELETE: "/{$args.id}" }, selection: "id") }
  type Thing { id: ID }
  type Book @key(fields: "id") @connect(source: "a", http: { GET: "/books", queryParams: "ids: $batch.id" },
    selection: "$.items { id title }") { id: ID! title: String }`;

describe('a limit of calls per operation and source', () => {
  const settings = { maxRequestsPerOperation: 2 };

  test('leaves the calls beyond it unsent, each with its error, and the rest goes on', async () => {
    const shop = loadSubgraph(sdl, await serve(), settings);
    const { data, errors } = await shop.query(
      '{ a: thing(id: 1) { id } b: thing(id: 2) { id } c: thing(id: 3) { id } o: other(id: 1) { id } }',
    );
    expect(data).toEqual({ a: { id: '1' }, b: { id: '2' }, c: null, o: { id: 'other/1' } });
    expect(errors).toMatchObject([
      {
        path: ['c'],
        message: 'Request limit exceeded',
        extensions: { code: 'REQUEST_LIMIT_EXCEEDED', service: 'shop' },
      },
    ]);
    expect(server.takeCalls()).toEqual(['GET /1', 'GET /2', 'GET /other/1']);
  });

  test('counts what is really sent: equal calls once, and all fetches of one operation together', async () => {
    const shop = loadSubgraph(sdl, await serve(), settings);
    const operation = new Map();
    const first = await shop.query('{ a: thing(id: 1) { id } b: thing(id: 1) { id } }', { operation });
    expect(first.errors).toBeUndefined();
    const second = await shop.query('{ a: thing(id: 2) { id } }', { operation });
    expect(second.errors).toBeUndefined();
    const third = await shop.query('{ a: thing(id: 3) { id } }', { operation });
    expect(third.errors).toHaveLength(1);
    expect((await shop.query('{ a: thing(id: 3) { id } }')).errors).toBeUndefined();
  });

  test('of a source takes the place of that of all', async () => {
    const shop = loadSubgraph(sdl, await serve(), { ...settings, sources: { a: { maxRequestsPerOperation: 1 } } });
    const { errors } = await shop.query('{ a: thing(id: 1) { id } b: thing(id: 2) { id } }');
    expect(errors).toHaveLength(1);
  });
});

describe('notFound: null', () => {
  const settings = { sources: { a: { isNotFoundNull: true } } };

  test('makes a 404 a null without an error, for one and for a batch', async () => {
    const shop = loadSubgraph(sdl, await serve(404), settings);
    expect(await shop.query('{ thing(id: 1) { id } }')).toEqual({ data: { thing: null } });
    const refs = [{ __typename: 'Book', id: '1' }];
    const query = 'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Book { title } } }';
    expect(await shop.query(query, { variables: { refs } })).toEqual({ data: { _entities: [{ title: null }] } });
  });

  test('is for reads of that source only', async () => {
    const shop = loadSubgraph(sdl, await serve(404), settings);
    expect((await shop.query('mutation { drop(id: 1) { id } }')).errors).toHaveLength(1);
    expect((await shop.query('{ other(id: 1) { id } }')).errors).toHaveLength(1);
    expect((await loadSubgraph(sdl, server.origin).query('{ thing(id: 1) { id } }')).errors).toHaveLength(1);
  });
});
