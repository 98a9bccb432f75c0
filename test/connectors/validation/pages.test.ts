// Where @tributaryPage cannot stand, and what it needs (docs/decisions/0017): the piece of the file, the text, the hint.
import { describe, expect, test } from 'vitest';
import { loadSubgraph } from '../harness.ts';
import { faultsOf, pointedAt } from './faults-of.ts';

interface Parts {
  readonly args?: string;
  readonly type?: string;
  readonly params?: string;
  readonly selection?: string;
  readonly page?: string;
  readonly types?: string;
  readonly entity?: string;
}

const relay = `type Books { nodes: [Book] edges: [Edge] pageInfo: PageInfo! }
  type Edge { cursor: String! node: Book }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }`;

const file = ({
  args = '(first: Int, after: String)',
  type = 'Books',
  params = 'o: $args.after n: $args.first',
  selection = 'nodes: items { id }',
  page = 'style: "offset"',
  types = relay,
  entity = '',
}: Parts = {}): string => `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.13", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.4", import: ["@source", "@connect"])
  @source(name: "a", http: { baseURL: "http://127.0.0.1:1" })
type Query { books${args}: ${type}
  @connect(source: "a", ${entity} http: { GET: "/books", queryParams: "${params}" }, selection: "${selection}")
  @tributaryPage(${page}) }
${types}
type Book { id: ID }`;

const whole = (page: string): string => `@tributaryPage(${page})`;

const cases: readonly [name: string, parts: Parts, at: string, message: RegExp, hint?: string][] = [
  ['an unknown style', { page: 'style: "ofset"' }, '"ofset"', /Unknown style "ofset"/, 'Did you mean "offset"?'],
  ['no style', { page: 'index: 0' }, whole('index: 0'), /needs "style"/],
  ['an unknown argument', { page: 'style: "page", frist: 1' }, 'frist', /no argument "frist"/],
  ['a cursor without next', { page: 'style: "cursor"' }, whole('style: "cursor"'), /needs "next"/, 'next_page_token'],
  ['a link without param', { page: 'style: "link"' }, whole('style: "link"'), /needs "param"/],
  ['a link with next', { page: 'style: "link", param: "p", next: "$.n"' }, '"$.n"', /in the header/],
  ['a param without link', { page: 'style: "page", param: "p"' }, '"p"', /belongs to style "link"/],
  ['a first page of an offset', { page: 'style: "offset", firstPage: 0' }, '0', /belongs to style "page"/],
  ['a next that does not parse', { page: 'style: "cursor", next: "a..b"' }, '.', /./],
  ['an unknown method in next', { page: 'style: "cursor", next: "a->frist"' }, 'frist', /frist/, '"first"'],
  ['an unknown argument in next', { page: 'style: "cursor", next: "$args.aftr"' }, 'aftr', /aftr/, '"after"'],
  ['sizes below 1', { page: 'style: "page", maxSize: 0' }, '0', /"maxSize" must be at least 1/],
  [
    'a default beyond the most',
    { page: 'style: "page", defaultSize: 9, maxSize: 8' },
    whole('style: "page", defaultSize: 9, maxSize: 8'),
    /"defaultSize" is 9, more than "maxSize", which is 8/,
  ],
  ['an index that means nothing', { page: 'index: 1, style: "page"' }, whole('index: 1, style: "page"'), /number 1/],
  ['no first', { args: '(after: String)', params: 'o: $args.after' }, whole('style: "offset"'), /no argument "first"/],
  ['no after', { args: '(first: Int)', params: 'n: $args.first' }, whole('style: "offset"'), /no argument "after"/],
  [
    'a first that is a text',
    { args: '(first: String, after: String)' },
    'String',
    /"first" of Query.books must be of type Int/,
  ],
  [
    'a default of first beyond the most',
    { args: '(first: Int = 500, after: String)' },
    'first: Int = 500',
    /more than "maxSize", which is 100/,
  ],
  [
    'a way back where there is none',
    {
      args: '(first: Int, after: String, last: Int)',
      page: 'style: "cursor", next: "$.n"',
    },
    'last: Int',
    /only reads forwards/,
    '"offset"',
  ],
  ['a before that is a number', { args: '(first: Int, after: String, before: Int)' }, 'Int', /"before" of Query.books/],
  ['a list', { type: '[Book]', selection: '$.items { id }' }, '[Book]', /not a list of Book/, 'hasNextPage'],
  [
    'a type that is no connection',
    { types: 'type Books { id: ID }', selection: 'id' },
    'Books',
    /neither "nodes" nor "edges"/,
  ],
  ['no pageInfo', { types: 'type Books { nodes: [Book] }' }, 'Books', /no "pageInfo"/],
  ['nodes that are one', { types: relay.replace('[Book]', 'Book') }, 'nodes: Book', /"nodes" of Books must be a list/],
  ['edges without a node', { types: relay.replace('node: Book', 'id: ID') }, 'edges: [Edge]', /Edge has no "node"/],
  [
    'a cursor that is a number',
    { types: relay.replace('cursor: String!', 'cursor: Int') },
    'cursor: Int',
    /"cursor" of Edge must be of type String/,
  ],
  [
    'a hasNextPage that is a text',
    { types: relay.replace('hasNextPage: Boolean!', 'hasNextPage: String') },
    'hasNextPage: String',
    /"hasNextPage" of PageInfo must be of type Boolean/,
  ],
  [
    'a selection of one item',
    { selection: 'pageInfo: page { endCursor: end }' },
    '"pageInfo: page { endCursor: end }"',
    /The selection gives no items/,
    'nodes: items { id }',
  ],
  ['a request without after', { params: 'n: $args.first' }, whole('style: "offset"'), /would be the first/, 'offset:'],
  ['a request without first', { params: 'o: $args.after' }, whole('style: "offset"'), /how many/, 'fixedSize'],
  ['an entity', { entity: 'entity: true,' }, whole('style: "offset"'), /An entity has no pages/],
];

describe('pages', () => {
  test.each(cases)('with %s are refused', (_name, parts, at, message, hint = '') => {
    const sdl = file(parts);
    const found = faultsOf(sdl).filter(({ code }) =>
      ['INVALID_TRIBUTARY_ARGUMENT', 'UNDEFINED_ARGUMENT'].includes(code),
    );
    const fault = found.find((candidate) => message.test(candidate.message) && pointedAt(sdl, candidate) === at);
    expect(fault, JSON.stringify(found, null, 1)).toMatchObject({ severity: 'error' });
    expect(fault!.hint ?? '').toContain(hint);
  });

  test('on a type, a mutation, a virtual connector or a key list are refused', () => {
    const onType = file().replace('type Book {', 'type Book @tributaryPage(style: "page") {');
    expect(faultsOf(onType).map(({ message }) => message)).toContain(
      '@tributaryPage belongs on a field, not on a type',
    );
    const inMutation = file().replace(
      'type Query {',
      'type Query { no: Int @connect(selection: "$(1)") } type Mutation {',
    );
    expect(faultsOf(inMutation).map(({ message }) => message)).toContain('A mutation has no pages');
    const withKeys = file().replace('@tributaryPage', '@tributaryKeyList(GET: "/b", param: "ids") @tributaryPage');
    expect(faultsOf(withKeys).map(({ message }) => message)).toContain(
      '@tributaryPage and @tributaryKeyList do not go together',
    );
  });

  test.each<[string, Parts]>([
    ['offset', {}],
    ['page', { page: 'style: "page", maxSize: 8' }],
    ['fixed size', { page: 'style: "page", fixedSize: 8', params: 'p: $args.after' }],
    ['all arguments in one', { params: '$args { first after }' }],
    ['a cursor', { page: 'style: "cursor", next: "$.meta.next"' }],
    ['a link', { page: 'style: "link", param: "page"' }],
    ['edges alone', { types: relay.replace('nodes: [Book] ', ''), selection: 'edges: items { node: { id } }' }],
    ['ids for cursors', { args: '(first: Int! = 5, after: ID)' }],
    ['backwards', { args: '(first: Int, after: String, last: Int, before: String)' }],
  ])('load (%s), and say that Apollo Router cannot fill the connection', (_name, parts) => {
    const sdl = file(parts);
    const [warning, ...others] = faultsOf(sdl);
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ code: 'NOT_PORTABLE', severity: 'warning' });
    expect(warning!.message).toMatch(/fills what the selection does not give of Books; .*CONNECTORS_UNRESOLVED_FIELD/);
    expect(pointedAt(sdl, warning!)).toMatch(/^@tributaryPage\(/);
  });

  test('whose selection gives the whole connection load without a word', () => {
    const types = relay.replace('edges: [Edge] ', '').replace(/type Edge .*\n/, '');
    const info =
      'pageInfo: { hasNextPage: more, hasPreviousPage: $args.after->ne(null), startCursor: s, endCursor: e }';
    expect(faultsOf(file({ types, selection: `nodes: items { id } ${info}` }))).toEqual([]);
  });

  test('leave no trace in the subgraph that is composed', () => {
    expect(loadSubgraph(file(), '').sdl).not.toContain('tributary');
    const definition = 'directive @tributaryPage(index: Int = 0, style: String!) repeatable on FIELD_DEFINITION';
    expect(loadSubgraph(`${file()}\n${definition}`, '').sdl).not.toContain('tributary');
  });
});
