// Both grammars of v0.4 (connectors.md 5, 8.3), by the setting connectorDefaults.v04Grammar.
import { afterEach, describe, expect, test } from 'vitest';
import { startSmallGateway } from '../../server/small-gateway.ts';
import { head, loadSubgraph, RestServer } from '../harness.ts';
import { faultsOf } from '../validation/faults-of.ts';

const book = { id: '1', Book: 'a property', title: 'Emma' };
const sdl = (version: string, selection: string) => `${head(version)}
  type Query {
    book: Book @connect(source: "a", http: { GET: "/book" }, selection: ${JSON.stringify(selection)})
  }
  type Book { id: ID kind: String title: String }`;

describe('one subgraph', () => {
  let server: RestServer;
  afterEach(() => server.stop());
  const kindOf = async (version: string, v04Grammar: 'unified' | 'preview' | undefined) => {
    server = await RestServer.start(() => ({ body: book }));
    const settings = v04Grammar === undefined ? {} : { v04Grammar };
    const { query } = loadSubgraph(sdl(version, 'id kind: "Book" title'), server.origin, settings);
    return (await query('{ book { kind } }')).data;
  };

  test.each([
    ['0.4', undefined, 'Book'],
    ['0.4', 'unified', 'Book'],
    ['0.4', 'preview', 'a property'],
    ['0.3', 'unified', 'a property'],
    ['0.3', 'preview', 'a property'],
  ] as const)('that links v%s, with %s: a quoted word after an alias is "%s"', async (version, grammar, kind) => {
    expect(await kindOf(version, grammar)).toEqual({ book: { kind } });
  });

  test('in the preview grammar has spread, interfaces and connectors without http', async () => {
    server = await RestServer.start(() => ({ body: { kind: 'film', title: 'M', length: 117 } }));
    const { query } = loadSubgraph(
      `${head()}
        type Query {
          find: Item @connect(source: "a", http: { GET: "/find" }, selection: """
            title ... kind->match(["film", { __typename: "Film", length: $.length }], [@, null])
          """)
          me: Me @connect(selection: "hello: $('you')")
        }
        type Me { hello: String }
        interface Item { title: String }
        type Film implements Item { title: String length: Int }`,
      server.origin,
      { v04Grammar: 'preview' },
    );
    expect(await query('{ find { __typename title ... on Film { length } } me { hello } }')).toEqual({
      data: { find: { __typename: 'Film', title: 'M', length: 117 }, me: { hello: 'you' } },
    });
  });
});

test('a file in the preview grammar is warned of what has another meaning in the unified one', () => {
  expect(
    faultsOf(sdl('0.4', 'id kind: "Book" title').replace('{origin}', 'http://a'), { v04Grammar: 'preview' }),
  ).toMatchObject([
    {
      severity: 'warning',
      message: expect.stringContaining('reads a property, and is a literal in the unified grammar of v0.4') as string,
    },
  ]);
});

test.each([
  ['unified', []],
  ['preview', ['INVALID_SELECTION']],
] as const)('a number without $( ) after an alias, in the grammar %s', (v04Grammar, codes) => {
  const faults = faultsOf(sdl('0.4', 'id title kind: 42').replace('{origin}', 'http://a'), { v04Grammar });
  expect(faults.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(codes);
});

test.each([
  ['', 'Book'],
  ['    connectorDefaults: { v04Grammar: unified }', 'Book'],
  ['    connectorDefaults: { v04Grammar: preview }', 'a property'],
])('the settings of a service choose: "%s"', async (service, kind) => {
  const { ask } = await startSmallGateway({
    sdl: sdl('0.4', 'id kind: "Book" title'),
    service,
    answer: () => ({ body: book }),
  });
  expect(await ask('{ book { kind } }')).toEqual({ data: { book: { kind } } });
});
