// What a user can get wrong in a connectors file: the code, the exact piece of the file it points at, and the hint
// (connectors.md 4, 13). Every case is a file that fails in this one way.
import { describe, expect, test } from 'vitest';
import { createConnectorSubgraph, type ConnectorSettings } from '../../../gateway/connectors/index.ts';
import { FaultsError, type Fault } from '../../../gateway/errors/fault.ts';

const link = '@link(url: "https://specs.apollo.dev/connect/v0.4", import: ["@source", "@connect"])';
const federation = '@link(url: "https://specs.apollo.dev/federation/v2.13", import: ["@key", "@external"])';
const source = '@source(name: "api", http: { baseURL: "http://127.0.0.1:4001/v1" })';

function faultsOf(sdl: string, settings: ConnectorSettings = {}): readonly Fault[] {
  const file = 'schema/books.graphql';
  try {
    createConnectorSubgraph({ name: 'books', file, sdl, settings, callUpstream: () => Promise.reject(new Error()) });
    return [];
  } catch (error) {
    if (error instanceof FaultsError) return error.faults;
    throw error;
  }
}

/** The piece of the file that a fault points at. */
function pointedAt(sdl: string, { range }: Fault): string {
  const lines = sdl.split('\n');
  const { line, column, endLine, endColumn } = range!;
  if (line === endLine) return lines[line - 1]!.slice(column - 1, endColumn - 1);
  return [
    lines[line - 1]!.slice(column - 1),
    ...lines.slice(line, endLine - 1),
    lines[endLine - 1]!.slice(0, endColumn - 1),
  ].join('\n');
}

const file = (body: string, head = `extend schema ${link} ${federation} ${source}`): string => `${head}\n${body}`;
const book = 'type Book { id: ID! title: String }';
const query = (connect: string, args = '(id: ID!)', type = 'Book'): string =>
  `type Query { book${args}: ${type}\n    @connect(${connect}) }`;
const get = 'source: "api", http: { GET: "/books/{$args.id}" }';
const whole = `${get}, selection: "id title"`;

interface Case {
  readonly code: string;
  readonly name: string;
  readonly sdl: string;
  readonly at: string;
  readonly hint?: string;
}

const cases: Case[] = [
  { code: 'GRAPH_QL_ERROR', name: 'SDL that does not parse', sdl: file('type Book { id ID }'), at: 'I' },
  {
    code: 'GRAPH_QL_ERROR',
    name: 'an unknown directive',
    sdl: file(`${query(whole)} type Book { id: ID! title: String @shiny }`),
    at: '@shiny',
  },
  {
    code: 'MISSING_SCHEMA_TYPE',
    name: 'an unknown type',
    sdl: file(`${query(whole)} type Book { id: ID! title: Strin }`),
    at: 'Strin',
    hint: 'Did you mean "String"?',
  },
  {
    code: 'GRAPH_QL_ERROR',
    name: 'an unknown argument of @connect',
    sdl: file(`${query(`${whole}, sorce: "x"`)} ${book}`),
    at: 'sorce',
    hint: '"source"',
  },
  {
    code: 'UNKNOWN_CONNECTORS_VERSION',
    name: 'an unknown version',
    sdl: file(`${query(whole)} ${book}`).replace('connect/v0.4', 'connect/v0.9'),
    at: '"https://specs.apollo.dev/connect/v0.9"',
    hint: 'v0.4',
  },
  {
    code: 'SOURCE_NAME_MISMATCH',
    name: 'a source that is not declared',
    sdl: file(`${query(whole.replace('"api"', '"apii"'))} ${book}`),
    at: '"apii"',
    hint: 'Did you mean "api"?',
  },
  {
    code: 'NO_SOURCES_DEFINED',
    name: 'a source where none is declared',
    sdl: file(`${query(whole)} ${book}`, `extend schema ${link} ${federation}`),
    at: '"api"',
    hint: '@source',
  },
  {
    code: 'DUPLICATE_SOURCE_NAME',
    name: 'two sources of one name',
    sdl: file(`${query(whole)} ${book}`, `extend schema ${link} ${federation} ${source} ${source}`),
    at: '"api"',
  },
  {
    code: 'INVALID_URL',
    name: 'a base URL that is none',
    sdl: file(`${query(whole)} ${book}`).replace('http://127.0.0.1:4001/v1', 'books.example'),
    at: '"books.example"',
  },
  {
    code: 'INVALID_URL_SCHEME',
    name: 'a base URL that is not http',
    sdl: file(`${query(whole)} ${book}`).replace('http://127.0.0.1:4001/v1', 'ftp://books.example'),
    at: '"ftp://books.example"',
  },
  {
    code: 'INVALID_URL',
    name: 'a hole that is not closed',
    sdl: file(`${query('source: "api", http: { GET: "/books/{$args.id" }, selection: "id title"')} ${book}`),
    at: '{$args.id',
  },
  {
    code: 'INVALID_URL',
    name: 'a variable a base URL cannot read',
    sdl: file(`${query(whole)} ${book}`).replace('/v1', '/{$context.v}'),
    at: '$context',
    hint: '$config, $env',
  },
  {
    code: 'MULTIPLE_HTTP_METHODS',
    name: 'two HTTP methods',
    sdl: file(`${query(whole.replace('GET: ', 'POST: "/x" GET: '))} ${book}`),
    at: '"/x"',
  },
  {
    code: 'MISSING_HTTP_METHOD',
    name: 'no HTTP method',
    sdl: file(`${query('source: "api", http: { body: "a: $args.id" }, selection: "id title"')} ${book}`),
    at: '{ body: "a: $args.id" }',
  },
  {
    code: 'ABSOLUTE_CONNECT_URL_WITH_SOURCE',
    name: 'an absolute URL beside a source',
    sdl: file(`${query(whole.replace('/books', 'http://x/books'))} ${book}`),
    at: '"http://x/books/{$args.id}"',
  },
  {
    code: 'RELATIVE_CONNECT_URL_WITHOUT_SOURCE',
    name: 'a relative URL without a source',
    sdl: file(`${query(whole.replace('source: "api", ', ''))} ${book}`),
    at: '"/books/{$args.id}"',
  },
  {
    code: 'INVALID_HEADER',
    name: 'a header that cannot be set',
    sdl: file(`${query(whole.replace('http: {', 'http: { headers: [{ name: "Upgrade", value: "x" }]'))} ${book}`),
    at: '{ name: "Upgrade", value: "x" }',
  },
  {
    code: 'INVALID_HEADER',
    name: 'a header with neither from nor value',
    sdl: file(`${query(whole.replace('http: {', 'http: { headers: [{ name: "X" }]'))} ${book}`),
    at: '{ name: "X" }',
  },
  {
    code: 'HTTP_HEADER_NAME_COLLISION',
    name: 'a header set twice',
    sdl: file(
      `${query(whole.replace('http: {', 'http: { headers: [{ name: "X", value: "1" }, { name: "x", value: "2" }]'))} ${book}`,
    ),
    at: '{ name: "x", value: "2" }',
  },
  {
    code: 'INVALID_BODY',
    name: 'an empty body',
    sdl: file(`${query(whole.replace('http: {', 'http: { body: "  "'))} ${book}`),
    at: '"  "',
  },
  {
    code: 'INVALID_BODY',
    name: 'a body that does not parse',
    sdl: file(`${query(whole.replace('http: {', 'http: { body: "a: $args.id == 1"'))} ${book}`),
    at: '=',
    hint: '->eq(b)',
  },
  {
    code: 'INVALID_BODY',
    name: 'a body that reads its own input',
    sdl: file(`${query(whole.replace('http: {', 'http: { body: "a: $args.id->echo({ b: id })"'))} ${book}`),
    at: 'id',
    hint: 'Write $args.id',
  },
  {
    code: 'INVALID_SELECTION',
    name: 'a selection that does not parse',
    sdl: file(`${query(`${get}, selection: "id title: $.names[0]"`)} ${book}`),
    at: '[',
    hint: '->get(0)',
  },
  {
    code: 'INVALID_SELECTION',
    name: 'an empty selection',
    sdl: file(`${query(`${get}, selection: ""`)} type Book { id: ID! @external }`),
    at: '""',
  },
  {
    code: 'INVALID_SELECTION',
    name: 'an unknown method',
    sdl: file(`${query(`${get}, selection: "id title: names->frist"`)} ${book}`),
    at: 'frist',
    hint: 'Did you mean "first"',
  },
  {
    code: 'INVALID_SELECTION',
    name: 'a variable that is not legal',
    sdl: file(`${query(`${get}, selection: "id title: $arg.t"`)} ${book}`),
    at: '$arg',
    hint: 'Did you mean "$args"',
  },
  {
    code: 'SELECTED_FIELD_NOT_FOUND',
    name: 'a field the type lacks',
    sdl: file(`${query(`${get}, selection: "id title tittle: x"`)} ${book}`),
    at: 'tittle',
    hint: 'Did you mean "title"?',
  },
  {
    code: 'UNDEFINED_ARGUMENT',
    name: 'an argument the field lacks',
    sdl: file(`${query(whole.replace('$args.id', '$args.di'))} ${book}`),
    at: 'di',
    hint: 'Did you mean "id"?',
  },
  {
    code: 'UNDEFINED_ARGUMENT',
    name: 'a field the input type lacks',
    sdl: file(`${query(whole.replace('$args.id', '$args.by.titel'), '(by: By)')} input By { title: String } ${book}`),
    at: 'titel',
    hint: 'Did you mean "title"?',
  },
  {
    code: 'UNDEFINED_FIELD',
    name: 'a field of $this the type lacks',
    sdl: file(`${query(whole)} type Book { id: ID! title: String
      text: String @connect(source: "api", http: { GET: "/books/{$this.ids}/text" }, selection: "$.text") }`),
    at: 'ids',
    hint: 'Did you mean "id"?',
  },
  {
    code: 'GROUP_SELECTION_IS_NOT_OBJECT',
    name: 'fields selected of a scalar',
    sdl: file(`${query(`${get}, selection: "id title { text }"`)} ${book}`),
    at: 'title',
  },
  {
    code: 'GROUP_SELECTION_REQUIRED_FOR_OBJECT',
    name: 'no fields selected of an object',
    sdl: file(
      `${query(`${get}, selection: "id author"`)} type Book { id: ID! author: Author } type Author { name: String @external }`,
    ),
    at: 'author',
  },
  {
    code: 'MISSING_ENTITY_CONNECTOR',
    name: 'a key nobody resolves',
    sdl: file(`${query(whole)} type Book @key(fields: "id") { id: ID! title: String }`),
    at: '@key(fields: "id")',
    hint: 'resolvable: false',
  },
  {
    code: 'CONNECTORS_UNRESOLVED_FIELD',
    name: 'a field nobody gives',
    sdl: file(`${query(whole)} type Book { id: ID! title: String year: Int }`),
    at: 'year',
  },
  {
    code: 'CONNECTORS_UNRESOLVED_FIELD',
    name: 'a root field without a connector',
    sdl: file(`type Query { count: Int }`),
    at: 'count',
  },
  {
    code: 'KEY_LIST_NOT_POSSIBLE',
    name: 'a key list on a field without itemKey',
    sdl: file(`${query(whole)} type Book { id: ID! title: String text: String
      @connect(source: "api", http: { GET: "/books/{$this.id}/text" }, selection: "$.text")
      @tributaryKeyList(GET: "/texts", param: "ids") }`),
    at: '@tributaryKeyList(GET: "/texts", param: "ids")',
  },
  {
    code: 'KEY_LIST_NOT_POSSIBLE',
    name: 'a key list for two keys',
    sdl: file(`type Book @key(fields: "id title") @tributaryKeyList(GET: "/books", param: "ids")
      @connect(source: "api", http: { GET: "/books/{$this.id}/{$this.title}" }, selection: "id title") { id: ID! title: String }`),
    at: '@tributaryKeyList(GET: "/books", param: "ids")',
  },
  {
    code: 'INVALID_TRIBUTARY_ARGUMENT',
    name: 'a maxSize below one',
    sdl: file(`type Book @key(fields: "id") @tributaryKeyList(GET: "/books", param: "ids", maxSize: 0)
      @connect(source: "api", http: { GET: "/books/{$this.id}" }, selection: "id title") { id: ID! title: String }`),
    at: '0',
  },
  {
    code: 'INVALID_TRIBUTARY_ARGUMENT',
    name: 'an unknown argument of a key list',
    sdl: file(`type Book @key(fields: "id") @tributaryKeyList(GET: "/books", param: "ids", join: true)
      @connect(source: "api", http: { GET: "/books/{$this.id}" }, selection: "id title") { id: ID! title: String }`),
    at: 'join',
    hint: 'Did you mean "joins"?',
  },
  {
    code: 'INVALID_TRIBUTARY_ARGUMENT',
    name: 'an index no @connect has',
    sdl: file(`type Book @key(fields: "id") @tributaryConnect(index: 1, skipNullKeys: false)
      @connect(source: "api", http: { GET: "/books/{$this.id}" }, selection: "id title") { id: ID! title: String }`),
    at: '@tributaryConnect(index: 1, skipNullKeys: false)',
  },
  {
    code: 'INVALID_TRIBUTARY_ARGUMENT',
    name: 'what is not built yet',
    sdl: file(`${query(`${whole}) @tributaryRead(name: "x", path: "//x"`)} ${book}`),
    at: '@tributaryRead(name: "x", path: "//x")',
  },
  {
    code: 'INVALID_TRIBUTARY_ARGUMENT',
    name: 'an unknown directive of ours',
    sdl: file(`${query(`${whole}) @tributaryKeylist(GET: "/x", param: "x"`)} ${book}`),
    at: '@tributaryKeylist(GET: "/x", param: "x")',
    hint: 'Did you mean "tributaryKeyList"',
  },
  {
    code: 'SOURCE_NAME_MISMATCH',
    name: 'an own directive for a source that is not declared',
    sdl: file(`${query(whole)} ${book} extend schema @tributarySource(name: "apx", skipNullKeys: false)`),
    at: '"apx"',
    hint: 'Did you mean "api"?',
  },
  {
    code: 'CONNECTORS_BATCH_KEY_NOT_IN_SELECTION',
    name: 'a batch whose items cannot be told apart',
    sdl: file(`type Book @key(fields: "id") @connect(source: "api", http: { GET: "/books", queryParams: "ids: $batch.id" },
      selection: "$.items { title }") { id: ID! title: String }`),
    at: '"$.items { title }"',
  },
  {
    code: 'ENTITY_NOT_ON_ROOT_QUERY',
    name: 'entity: true on a mutation',
    sdl: file(`${query(whole)} ${book} type Mutation { touch(id: ID!): Book @connect(source: "api", entity: true,
      http: { POST: "/books/{$args.id}" }, selection: "id title") }`),
    at: 'true',
  },
  {
    code: 'CONNECT_ON_ROOT',
    name: '@connect on Query itself',
    sdl: file(`type Query @connect(source: "api", http: { GET: "/" }, selection: "$.a") { a: Int }`),
    at: '@connect(source: "api", http: { GET: "/" }, selection: "$.a")',
  },
];

describe('a connectors file', () => {
  test.each(cases)('with $name gets $code', ({ code, sdl, at, hint }) => {
    const faults = faultsOf(sdl);
    const found = faults.filter((fault) => fault.code === code);
    expect(
      found.map((fault) => pointedAt(sdl, fault)),
      JSON.stringify(faults, null, 1),
    ).toContain(at);
    const fault = found.find((candidate) => pointedAt(sdl, candidate) === at)!;
    expect(fault).toMatchObject({ severity: 'error', range: { file: 'schema/books.graphql' } });
    expect(fault.message).not.toMatch(/\.$/);
    expect(fault.hint ?? '').toContain(hint ?? '');
  });

  test('that is right has no faults', () => {
    expect(faultsOf(file(`${query(whole)} ${book}`))).toEqual([]);
  });

  test('points into block strings and behind escapes', () => {
    const block = `type Query {
  book(id: ID!): Book
    @connect(
      source: "api"
      http: { GET: "/books/{$args.id}", queryParams: "\\u0061: $args.id b: $args.oops" }
      selection: """

      id
        title: $.names.first?->frist
      """
    )
}`;
    const sdl = file(`${block} ${book}`);
    const faults = faultsOf(sdl);
    expect(faults.map((fault) => [fault.code, fault.range!.line, pointedAt(sdl, fault)])).toEqual([
      ['UNDEFINED_ARGUMENT', 6, 'oops'],
      ['INVALID_SELECTION', 10, 'frist'],
    ]);
    expect(faults[1]!.range).toMatchObject({ line: 10, column: 32, endColumn: 37 });
  });

  test('with ten faults has all ten reported at once, in the order of the file', () => {
    const sdl = file(
      `type Query {
  a(id: ID): Book @connect(source: "apx", http: { GET: "/a/{$args.idd}" }, selection: "id titel")
  b: Book @connect(source: "api", http: { GET: "b{" }, selection: "id title")
  c: Book @connect(source: "api", http: { GET: "/c", headers: { name: "te", value: "x" } }, selection: "id title")
  d: Book @connect(source: "api", http: { GET: "/d" }, selection: "id title->sized")
  e: Book @connect(source: "api", http: { GET: "http://e" }, selection: "id + title")
  f: Book @connect(source: "api", http: { POST: "/f", body: "" }, selection: "id $.title")
}
type Book { id: ID! title: String }`,
    );
    const faults = faultsOf(sdl);
    const codes = faults.map(({ code }) => code);
    expect(codes).toEqual([
      'SOURCE_NAME_MISMATCH',
      'UNDEFINED_ARGUMENT',
      'SELECTED_FIELD_NOT_FOUND',
      'INVALID_URL',
      'INVALID_HEADER',
      'INVALID_SELECTION',
      'ABSOLUTE_CONNECT_URL_WITH_SOURCE',
      'INVALID_SELECTION',
      'INVALID_BODY',
      'INVALID_SELECTION',
    ]);
  });

  test('below v0.3 gets a warning for an unknown method, as Apollo accepts it there', () => {
    const sdl = file(`${query(`${get}, selection: "id title: $.names->frist"`)} ${book}`).replace('v0.4', 'v0.2');
    const subgraph = createConnectorSubgraph({
      name: 'books',
      file: 'books.graphql',
      sdl,
      settings: {},
      callUpstream: () => Promise.reject(new Error()),
    });
    expect(subgraph.warnings).toMatchObject([{ code: 'INVALID_SELECTION', severity: 'warning' }]);
  });
});
