// Strict mode: mapping problems that become errors (connectors.md 3.2).
import { afterEach, describe, expect, test } from 'vitest';
import { FaultsError } from '../../../gateway/errors/fault.ts';
import type { ConnectorSettings } from '../../../gateway/connectors/index.ts';
import { head, loadSubgraph, RestServer } from '../harness.ts';

let server: RestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const answer = async (body: unknown): Promise<string> => {
  server = await RestServer.start(() => ({ body }));
  return server.origin;
};

const sdl = `${head('0.3')}
  type Query {
    book(id: ID, nope: String): Book @connect(source: "a", http: { GET: "/books/{$args.id}", queryParams: "q: $args.nope" },
      selection: "id title: name year reviews { stars by: author.name } tags: items.tag flag: $(true)->and(wrong)")
    plain(id: ID): Book @connect(source: "a", http: { GET: "/books/{$args.id}" },
      selection: "id title: name year reviews { stars by: author.name } tags: items.tag flag: $(true)->and(wrong)")
  }
  type Book @key(fields: "id", resolvable: false) { id: ID title: String! year: Int reviews: [Review] tags: [String] flag: Boolean }
  type Review { stars: Int! by: String }`;

const ask = async (query: string, body: unknown, settings: ConnectorSettings = {}, text = sdl) =>
  loadSubgraph(text, await answer(body), settings).query(query);

describe('strict: none', () => {
  test('leaves nulls, and graphql-js says where one may not be', async () => {
    const { data, errors } = await ask('{ plain(id: "1") { id year } }', { id: 1 });
    expect({ data, errors }).toEqual({ data: { plain: { id: '1', year: null } }, errors: undefined });
  });
});

describe('strict: required', () => {
  const settings = { strict: 'required' } as const;

  test('is an error at a non-null field, with the place in the file', async () => {
    const { data, errors } = await ask('{ plain(id: "1") { id title year } }', { id: 1 }, settings);
    expect(data).toEqual({ plain: null });
    expect(errors).toMatchObject([
      {
        path: ['plain', 'title'],
        extensions: {
          code: 'CONNECTOR_MAPPING_PROBLEM',
          service: 'shop',
          connector: { coordinate: 'shop:Query.plain[0]' },
          problem: {
            location: 'Selection',
            path: 'name',
            count: 1,
            at: expect.stringMatching(/^shop\.graphql:\d+:\d+$/),
          },
        },
      },
    ]);
    expect(errors?.[0]?.message).toMatch(/^Cannot read field "title": /);
  });

  test('says nothing of fields that nobody asked for, nor of nullable ones', async () => {
    const { data, errors } = await ask('{ plain(id: "1") { id year } }', { id: 1 }, settings);
    expect({ data, errors }).toEqual({ data: { plain: { id: '1', year: null } }, errors: undefined });
  });

  test('is an error at a field of the key', async () => {
    const { errors } = await ask('{ plain(id: "1") { id title } }', { name: 'Dune' }, settings);
    expect(errors).toMatchObject([{ path: ['plain', 'id'], extensions: { code: 'CONNECTOR_MAPPING_PROBLEM' } }]);
  });

  test('counts the problems of a field over the items of a list, in one error at the first', async () => {
    const body = { id: 1, reviews: [{ stars: 5 }, {}, {}] };
    const { data, errors } = await ask('{ plain(id: "1") { reviews { stars } } }', body, settings);
    expect(data).toEqual({ plain: { reviews: [{ stars: 5 }, null, null] } });
    expect(new Set(errors?.map((error) => JSON.stringify(error))).size).toBe(1);
    expect(errors?.[0]).toMatchObject({
      path: ['plain', 'reviews', 1, 'stars'],
      extensions: { problem: { path: 'reviews.1.stars', count: 2 } },
    });
  });

  test('does not send a request whose URL path lacks a value; a query parameter may lack one', async () => {
    const { data, errors } = await ask('{ plain { id } }', {}, settings);
    expect(data).toEqual({ plain: null });
    expect(errors).toMatchObject([{ extensions: { problem: { location: 'ConnectUrl', path: '$args.id' } } }]);
    expect(server!.takeCalls()).toEqual([]);
    const sent = await ask('{ book(id: "1") { id } }', { id: 1 }, settings);
    expect(sent).toEqual({ data: { book: { id: '1' } } });
  });
});

describe('strict: all', () => {
  const settings = { strict: 'all' } as const;

  test('is an error at every field asked for; a value that is there stays', async () => {
    const body = { id: 1, name: 'Dune', wrong: 1, items: [{ tag: 'a' }, {}] };
    const { data, errors } = await ask('{ plain(id: "1") { title year tags flag } }', body, settings);
    expect(data).toEqual({ plain: { title: 'Dune', year: null, tags: ['a', null], flag: true } });
    expect(errors?.map(({ path }) => path?.join('.')).toSorted()).toEqual(['plain.flag', 'plain.tags', 'plain.year']);
  });

  test('does not send a request of which any part has a problem', async () => {
    const { errors } = await ask('{ book(id: "1") { id } }', { id: 1 }, settings);
    expect(errors).toMatchObject([{ extensions: { problem: { location: 'ConnectQueryParams', path: '$args.nope' } } }]);
    expect(server!.takeCalls()).toEqual([]);
  });

  test('covers entities, in batches too', async () => {
    const text = `${head()}
      type Book @key(fields: "id") @connect(source: "a", http: { GET: "/books", queryParams: "ids: $batch.id" },
        selection: "id title year") { id: ID! title: String year: Int }`;
    const shop = loadSubgraph(
      text,
      await answer([
        { id: '1', title: 'A' },
        { id: '2', title: 'B', year: 1 },
      ]),
      settings,
    );
    const refs = ['1', '2'].map((id) => ({ __typename: 'Book', id }));
    const { data, errors } = await shop.query(
      'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Book { title year } } }',
      { variables: { refs } },
    );
    expect(data).toEqual({
      _entities: [
        { title: 'A', year: null },
        { title: 'B', year: 1 },
      ],
    });
    expect(errors).toMatchObject([{ path: ['_entities', 0, 'year'] }]);
  });
});

describe('where it is set', () => {
  const query = '{ plain(id: "1") { year } }';
  const withDirective = (own: string) => sdl.replace('type Query {', `${own} type Query {`);
  const source = (strict: string) => `extend schema @tributarySource(name: "a", strict: "${strict}")`;

  test('a source says more than the settings of all, a connector more than its source', async () => {
    expect((await ask(query, {}, { strict: 'none' }, withDirective(source('all')))).errors).toHaveLength(1);
    expect((await ask(query, {}, { strict: 'all' }, withDirective(source('none')))).errors).toBeUndefined();
    const onField = withDirective(source('none')).replace(
      'plain(id: ID): Book',
      'plain(id: ID): Book @tributaryConnect(strict: "all")',
    );
    expect((await ask(query, {}, {}, onField)).errors).toHaveLength(1);
  });

  test('an unknown value is refused', () => {
    expect(() => loadSubgraph(withDirective(source('al')), 'http://127.0.0.1:1')).toThrow(FaultsError);
  });
});
