// The mapping is cut to what an operation asks for (connectors.md 11.4.1), and a call that several places share is still one.
import { afterEach, describe, expect, test } from 'vitest';
import { parseMapping } from '../../../gateway/connectors/mapping/parser.ts';
import { printMapping } from '../../../gateway/connectors/mapping/print.ts';
import { pruneMapping, type Wanted } from '../../../gateway/connectors/mapping/prune.ts';
import { Selections } from '../../../gateway/connectors/runtime/selections.ts';
import { everything, type WantedFields } from '../../../gateway/connectors/runtime/wanted.ts';
import { head, loadSubgraph, RestServer, type Answer } from '../harness.ts';

/** `a b { c }` as the fields that are wanted. */
function wanted(text: string): Wanted {
  const tokens = text.match(/\w+|[{}]/g) ?? [];
  const read = (): Wanted => {
    const fields = new Map<string, Wanted>();
    for (let token = tokens.shift(); token !== undefined && token !== '}'; token = tokens.shift()) {
      const opens = tokens[0] === '{' && tokens.shift();
      fields.set(token, opens ? read() : { fields: undefined });
    }
    return { fields };
  };
  return read();
}

describe('a mapping is cut', () => {
  test.each([
    ['id title author { first last }', 'title author { last }', 'title author { last }'],
    ['id name: $([first, last])->joinNotNull(" ")', 'id', 'id'],
    ['$.items { id title }', 'title', '$.items { title }'],
    ['nodes: items->map({ id: @.id, t: @.title }) total', 'nodes { t }', 'nodes: items->map({ t: @.title })'],
    [
      'id ... kind->match(["b", { __typename: "Book" pages }])',
      'id',
      'id ... kind->match(["b", { __typename: "Book" }])',
    ],
    ['a: $({ x: 1, y: 2 }) b', 'a { y }', 'a: $({ y: 2 })'],
    ['a: b ?? { x: 1, y: 2 }', 'a { x }', 'a: b ?? { x: 1 }'],
    ['first: items->slice(0, 3)->first { id title }', 'first { id }', 'first: items->slice(0, 3)->first { id }'],
    ['meta', 'meta { anything }', 'meta'],
    ['found: items->filter(@.id->eq(1))', 'found { id }', 'found: items->filter(@.id->eq(1))'],
  ])('%s, wanted %s', (text, fields, expected) => {
    const pruned = pruneMapping(parseMapping(text, '0.4'), wanted(fields));
    expect(
      printMapping(pruned)
        .replaceAll(/[\s,]+/g, ' ')
        .trim(),
    ).toBe(expected.replaceAll(/[\s,]+/g, ' '));
  });

  test('not at all when everything is wanted: it stays the same tree', () => {
    const mapping = parseMapping('id author { last }', '0.4');
    expect(pruneMapping(mapping, wanted('id author { last }'))).toBe(mapping);
  });

  test('once for each set of fields', () => {
    const tree = parseMapping('id title', '0.4');
    const selections = new Selections({ tree, evaluate: () => ({ value: null, problems: [] }) });
    const want = (): WantedFields => ({ fields: new Map([['id', everything]]), asked: new Set(['id']), id: 'id' });
    expect(selections.for(want())).toBe(selections.for(want()));
  });
});

describe('type conditions', () => {
  const of = (names: string): Wanted => wanted(names);
  const both: Wanted = {
    fields: new Map([...of('id pages').fields!, ...of('minutes').fields!]),
    byType: new Map([
      ['Book', of('id pages')],
      ['Film', of('id minutes')],
    ]),
  };
  test.each([
    [
      '... kind->match(["b", { __typename: "Book", id, pages, minutes }], ["f", { __typename: $("Film"), id, pages, minutes }])',
      '... kind->match(["b", { __typename: "Book", id, pages }], ["f", { __typename: $("Film"), id, minutes }])',
    ],
    ['__typename: "Book" id pages minutes ...more { minutes }', '__typename: "Book" id pages ...more { }'],
    ['__typename: kind id pages minutes', '__typename: kind id pages minutes'],
    ['__typename: "Map" id pages minutes', '__typename: "Map" id pages minutes'],
  ])('cut %s', (text, expected) => {
    const print = (tree: string): string => tree.replaceAll(/[\s,]+/g, ' ').trim();
    const pruned = printMapping(pruneMapping(parseMapping(text, '0.4'), both));
    expect(print(pruned)).toBe(print(printMapping(parseMapping(expected, '0.4'))));
  });
});

describe('a subgraph', () => {
  let server: RestServer;
  afterEach(() => server.stop());
  const serve = async (answer: (path: string) => Answer): Promise<string> => {
    server = await RestServer.start((_request, url) => answer(url.pathname));
    return server.origin;
  };

  const sdl = `${head()}
    type Query {
      books: [Book] @connect(source: "a", http: { GET: "/books" }, selection: "$.items { id title owner { ref } }")
    }
    type Book @key(fields: "id") @connect(source: "a", http: { GET: "/books/{$this.id}" },
      selection: "id title year owner { ref } series: { id: seriesId, name: seriesName }") {
      id: ID! title: String year: Int owner: Owner series: Series
      reviews: [Review] @connect(source: "a", http: { GET: "/owners/{$this.owner.ref}/reviews" }, selection: "stars text")
    }
    type Owner { ref: ID }
    type Series { id: ID name: String }
    type Review { stars: Int text: String }`;

  test('keeps the keys that the way on needs, asked for or not', async () => {
    const origin = await serve((path) =>
      path === '/books' ? { body: { items: [{ id: 1, title: 'A', owner: { ref: 'o' } }] } } : { body: [{ stars: 5 }] },
    );
    const { data } = await loadSubgraph(sdl, origin).query('{ books { reviews { stars } } }');
    expect(data).toEqual({ books: [{ reviews: [{ stars: 5 }] }] });
    expect(server.takeCalls()).toEqual(['GET /books', 'GET /owners/o/reviews']);
  });

  test('asks once for an entity whose places want different fields, in one fetch and in the next', async () => {
    const origin = await serve((path) =>
      path === '/books'
        ? { body: { items: [{ id: '1', title: 'A' }] } }
        : { body: { id: '1', title: 'A', year: 1965, seriesId: 7, seriesName: 'S' } },
    );
    const shop = loadSubgraph(sdl, origin);
    const operation = new Map();
    const first = await shop.query('{ a: books { year } b: books { series { name } } }', { operation });
    expect(first.data).toEqual({ a: [{ year: 1965 }], b: [{ series: { name: 'S' } }] });
    const refs = [{ __typename: 'Book', id: '1' }];
    const next = await shop.query(
      'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Book { series { id } } } }',
      { operation, variables: { refs } },
    );
    expect(next.data).toEqual({ _entities: [{ series: { id: '7' } }] });
    expect(server.takeCalls().filter((call) => call === 'GET /books/1')).toHaveLength(1);
  });

  test('reads fields through fragments, aliases and abstract types', async () => {
    const origin = await serve(() => ({ body: { items: [{ id: 1, title: 'A', owner: { ref: 'o' } }] } }));
    const { data } = await loadSubgraph(sdl, origin).query(
      'query { books { ...F one: title ... on Book { two: owner { ref } } } } fragment F on Book { owner { r: ref } }',
    );
    expect(data).toEqual({ books: [{ owner: { r: 'o' }, one: 'A', two: { ref: 'o' } }] });
  });
});
