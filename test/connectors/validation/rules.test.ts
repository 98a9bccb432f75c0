// What a user can get wrong in a connectors file: the code, the exact piece of the file it points at, and the hint
// (connectors.md 4, 13). Every case is a file that fails in this one way.
import { describe, expect, test } from 'vitest';
import { createConnectorSubgraph } from '../../../gateway/connectors/index.ts';
import { formatFault } from '../../../gateway/errors/fault.ts';
import { faultsOf, pointedAt } from './faults-of.ts';

const link = '@link(url: "https://specs.apollo.dev/connect/v0.4", import: ["@source", "@connect"])';
const federation = '@link(url: "https://specs.apollo.dev/federation/v2.13", import: ["@key", "@external"])';
const source = '@source(name: "api", http: { baseURL: "http://127.0.0.1:4001/v1" })';

const file = (body: string, head = `extend schema ${link} ${federation} ${source}`): string => `${head}\n${body}`;
const book = 'type Book { id: ID! title: String }';
const query = (connect: string, args = '(id: ID!)', type = 'Book'): string =>
  `type Query { book${args}: ${type}\n    @connect(${connect}) }`;
const get = 'source: "api", http: { GET: "/books/{$args.id}" }';
const whole = `${get}, selection: "id title"`;

/** The codes of connectors.md 13.1, save the two that are findings about portability here. */
const specCodes = [
  ...[
    'GRAPH_QL_ERROR',
    'UNKNOWN_CONNECTORS_VERSION',
    'NO_SOURCE_IMPORT',
    'DUPLICATE_SOURCE_NAME',
    'INVALID_SOURCE_NAME',
  ],
  ...[
    'EMPTY_SOURCE_NAME',
    'DUPLICATE_ID_NAME',
    'INVALID_CONNECTOR_ID_NAME',
    'SOURCE_NAME_MISMATCH',
    'NO_SOURCES_DEFINED',
  ],
  ...['INVALID_URL', 'INVALID_URL_SCHEME', 'INVALID_URL_PROPERTY', 'ABSOLUTE_CONNECT_URL_WITH_SOURCE'],
  ...[
    'RELATIVE_CONNECT_URL_WITHOUT_SOURCE',
    'MULTIPLE_HTTP_METHODS',
    'MISSING_HTTP_METHOD',
    'HTTP_OMITTED_REQUIRES_V0_4',
  ],
  ...['HTTP_HEADER_NAME_COLLISION', 'INVALID_HEADER', 'INVALID_BODY', 'INVALID_SELECTION', 'INVALID_ERRORS_MESSAGE'],
  ...['INVALID_IS_SUCCESS', 'SUBSCRIPTION_IN_CONNECTORS', 'ENTITY_NOT_ON_ROOT_QUERY', 'ENTITY_TYPE_INVALID'],
  ...['ENTITY_RESOLVER_ARGUMENT_MISMATCH', 'MISSING_ENTITY_CONNECTOR', 'CONNECT_ON_TYPE_MUST_BE_ENTITY'],
  ...['CONNECT_ON_ROOT', 'CONNECT_BATCH_AND_THIS', 'CONNECTORS_BATCH_KEY_NOT_IN_SELECTION'],
  ...['CONNECTORS_NON_ROOT_BATCH_KEY', 'CONNECTORS_CANNOT_RESOLVE_KEY', 'SELECTED_FIELD_NOT_FOUND'],
  ...['GROUP_SELECTION_IS_NOT_OBJECT', 'GROUP_SELECTION_REQUIRED_FOR_OBJECT', 'CONNECTORS_UNRESOLVED_FIELD'],
  ...['CONNECTORS_UNSUPPORTED_ABSTRACT_TYPE', 'CONNECTORS_UNSUPPORTED_FEDERATION_DIRECTIVE', 'UNDEFINED_ARGUMENT'],
  ...['UNDEFINED_FIELD', 'UNSUPPORTED_VARIABLE_TYPE', 'MISSING_SCHEMA_TYPE', 'DIRECTIVE_DEFINITION_INVALID'],
  ...['TYPE_DEFINITION_INVALID'],
];

interface Case {
  readonly code: string;
  readonly name: string;
  readonly sdl: string;
  readonly at: string;
  readonly hint?: string;
  readonly severity?: 'warning';
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
    name: 'a read path with a predicate',
    sdl: file(`${query(`${whole}) @tributaryRead(name: "x", path: "//x[1]"`)} ${book}`),
    at: '"//x[1]"',
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
  {
    code: 'EMPTY_SOURCE_NAME',
    name: 'a source without a name',
    sdl: file(`${query(whole)} ${book} extend schema ${source.replace('"api"', '""')}`),
    at: '""',
  },
  {
    code: 'INVALID_SOURCE_NAME',
    name: 'a source name with a space',
    sdl: file(`${query(whole)} ${book} extend schema ${source.replace('"api"', '"the api"')}`),
    at: '"the api"',
    hint: 'starts with a letter',
  },
  {
    code: 'NO_SOURCE_IMPORT',
    name: '@source that is not imported',
    sdl: file(`${query(whole)} ${book}`).replace('"@source", ', ''),
    at: source,
    hint: '@connect__source',
    severity: 'warning',
  },
  {
    code: 'DUPLICATE_ID_NAME',
    name: 'two connectors of one id',
    sdl: file(`${query(`${whole}, id: "one"`)} ${book} extend type Query { other(id: ID!): Book
      @connect(${whole}, id: "one") }`),
    at: '"one"',
    hint: 'unique',
  },
  {
    code: 'INVALID_CONNECTOR_ID_NAME',
    name: 'an id that is no name',
    sdl: file(`${query(`${whole}, id: "one-book"`)} ${book}`),
    at: '"one-book"',
    hint: 'starts with a letter',
  },
  {
    code: 'INVALID_URL',
    name: 'an object in a hole of the URL',
    sdl: file(`${query(whole.replace('{$args.id}', '{$({ a: $args.id })}'))} ${book}`),
    at: '$({ a: $args.id })',
    hint: '->joinNotNull',
  },
  {
    code: 'INVALID_URL_PROPERTY',
    name: 'a path that is no list',
    sdl: file(`${query(whole.replace('http: {', 'http: { path: "$args.id->toString"'))} ${book}`),
    at: '"$args.id->toString"',
    hint: '$(["books", $args.id])',
  },
  {
    code: 'INVALID_URL_PROPERTY',
    name: 'queryParams that are no object',
    sdl: file(`${query(whole.replace('http: {', 'http: { queryParams: "$([$args.id])"'))} ${book}`),
    at: '"$([$args.id])"',
    hint: 'q: $args.q',
  },
  {
    code: 'HTTP_OMITTED_REQUIRES_V0_4',
    name: 'no http below v0.4',
    sdl: file(`type Query { one: Int @connect(selection: "$(1)") }`).replace('connect/v0.4', 'connect/v0.3'),
    at: '@connect(selection: "$(1)")',
    hint: 'v0.4',
  },
  {
    code: 'INVALID_ERRORS_MESSAGE',
    name: 'an error message that is an object',
    sdl: file(`${query(`${whole}, errors: { message: "detail" }`)} ${book}`),
    at: '"detail"',
    hint: 'Write $.detail',
  },
  {
    code: 'UNSUPPORTED_VARIABLE_TYPE',
    name: 'a variable that error extensions cannot read',
    sdl: file(`${query(`${whole}, errors: { extensions: "a: $this.id" }`)} ${book}`),
    at: '$this',
    hint: '$status',
  },
  {
    code: 'INVALID_IS_SUCCESS',
    name: 'isSuccess that is no truth value',
    sdl: file(`${query(`${whole}, isSuccess: "$status"`)} ${book}`),
    at: '"$status"',
    hint: '$status->in([200, 404])',
  },
  {
    code: 'SUBSCRIPTION_IN_CONNECTORS',
    name: 'a subscription',
    sdl: file(`${query(whole)} ${book} type Subscription { sold: Int }`),
    at: 'sold: Int',
  },
  {
    code: 'ENTITY_TYPE_INVALID',
    name: 'entity: true on a list',
    sdl: file(`${query(`${whole}, entity: true`, '(id: ID!)', '[Book]')} ${book}`),
    at: '[Book]',
    hint: 'book(id: ID!): Book',
  },
  {
    code: 'ENTITY_TYPE_INVALID',
    name: 'entity: true on what cannot be null',
    sdl: file(`${query(`${whole}, entity: true`, '(id: ID!)', 'Book!')} ${book}`),
    at: 'Book!',
    hint: 'may be null',
  },
  {
    code: 'ENTITY_RESOLVER_ARGUMENT_MISMATCH',
    name: 'an argument of an entity that is no field of it',
    sdl: file(`${query(`${whole.replace('$args.id', '$args.titel')}, entity: true`, '(titel: String)')} ${book}`),
    at: 'titel',
    hint: 'Did you mean "title"?',
  },
  {
    code: 'ENTITY_RESOLVER_ARGUMENT_MISMATCH',
    name: 'an argument of an entity of another type',
    sdl: file(`${query(`${whole}, entity: true`, '(id: Int)')} ${book}`),
    at: 'id',
    hint: 'Write id: ID!',
  },
  {
    code: 'ENTITY_RESOLVER_ARGUMENT_MISMATCH',
    name: 'an argument of an entity that is not read',
    sdl: file(`${query(`${whole}, entity: true`, '(id: ID!, title: String)')} ${book}`),
    at: 'title',
    hint: 'Read it',
  },
  {
    code: 'ENTITY_RESOLVER_ARGUMENT_MISMATCH',
    name: 'an input field of an entity that its object lacks',
    sdl: file(`type Query { book(shop: Shop): Book @connect(source: "api", entity: true,
      http: { GET: "/books/{$args.shop.nr}" }, selection: "shop { nr: id }") }
      input Shop { nr: ID } type Book { shop: Place } type Place { nrs: ID @external }`),
    at: 'nr',
    hint: 'Did you mean "nrs"?',
  },
  {
    code: 'CONNECT_ON_TYPE_MUST_BE_ENTITY',
    name: 'entity: false on a type',
    sdl: file(`type Book @key(fields: "id") @connect(source: "api", entity: false,
      http: { GET: "/books/{$this.id}" }, selection: "id title") { id: ID! title: String }`),
    at: 'false',
  },
  {
    code: 'CONNECT_BATCH_AND_THIS',
    name: '$batch and $this together',
    sdl: file(`type Book @key(fields: "id") @connect(source: "api",
      http: { GET: "/books/{$this.id}?ids={$batch.id->joinNotNull(',')}" }, selection: "id title") { id: ID! title: String }`),
    at: `@connect(source: "api",
      http: { GET: "/books/{$this.id}?ids={$batch.id->joinNotNull(',')}" }, selection: "id title")`,
  },
  {
    code: 'CONNECTORS_NON_ROOT_BATCH_KEY',
    name: 'a batch key that is not at the top',
    sdl: file(`type Book @key(fields: "id") @connect(source: "api", http: { GET: "/books", queryParams: "ids: $batch.id" },
      selection: "$.items { title data: $ { id } }") { id: ID! title: String data: Data } type Data { id: ID }`),
    at: '"$.items { title data: $ { id } }"',
    hint: 'Write id: data.id',
  },
  {
    code: 'CONNECTORS_CANNOT_RESOLVE_KEY',
    name: 'an entity given without its key',
    sdl: file(`type Query { books: [Book] @connect(source: "api", http: { GET: "/books" }, selection: "$.items { title }") }
      type Book @connect(source: "api", http: { GET: "/books/{$this.id}" }, selection: "id title year") {
        id: ID! title: String year: Int }`),
    at: '$.items { title }',
    hint: 'Select id too',
  },
  {
    code: 'CONNECTORS_UNSUPPORTED_ABSTRACT_TYPE',
    name: 'a union below v0.4',
    sdl: file(`${query(whole)} ${book} union Thing = Book`).replace('connect/v0.4', 'connect/v0.3'),
    at: 'Thing',
    hint: 'v0.4',
  },
  {
    code: 'CONNECTORS_UNSUPPORTED_FEDERATION_DIRECTIVE',
    name: '@context',
    sdl: file(`${query(whole)} ${book}`).replace('"@external"]', '"@external", "@context"]'),
    at: federation.replace('"@external"]', '"@external", "@context"]'),
    hint: '$context',
  },
  {
    code: 'MISSING_SCHEMA_TYPE',
    name: 'a __typename that is not possible',
    sdl: file(`${query(`${get}, selection: "__typename: 'Bok' id"`, '(id: ID!)', 'Thing')}
      union Thing = Book type Book { id: ID! }`),
    at: '__typename',
    hint: 'Did you mean "Book"?',
  },
  {
    code: 'DIRECTIVE_DEFINITION_INVALID',
    name: 'an own copy of @connect with another argument',
    sdl: file(`${query(whole)} ${book}
      directive @connect(sorce: String, selection: JSONSelection!) repeatable on FIELD_DEFINITION`),
    at: 'sorce: String',
    hint: '"source"',
  },
  {
    code: 'DIRECTIVE_DEFINITION_INVALID',
    name: 'an own copy of @connect without what is required',
    sdl: file(`${query(whole)} ${book} directive @connect(source: String) repeatable on FIELD_DEFINITION`),
    at: 'connect',
  },
  {
    code: 'DIRECTIVE_DEFINITION_INVALID',
    name: 'an own copy of @source in another place',
    sdl: file(`${query(whole)} ${book}
      directive @source(name: String!, http: connect__SourceHTTP!) repeatable on SCHEMA | OBJECT`),
    at: 'OBJECT',
    hint: 'SCHEMA',
  },
  {
    code: 'TYPE_DEFINITION_INVALID',
    name: 'an own copy of an input with another type',
    sdl: file(`${query(whole)} ${book} input connect__ConnectBatch { maxSize: String }`),
    at: 'String',
  },
  {
    code: 'TYPE_DEFINITION_INVALID',
    name: 'an own copy of a scalar that is an input',
    sdl: file(`${query(whole)} ${book} input connect__JSONSelection { text: String }`),
    at: 'connect__JSONSelection',
    hint: 'scalar',
  },
  {
    code: 'INVALID_SELECTION',
    name: 'a quoted key that changes its meaning in v0.4',
    sdl: file(`${query(`${get}, selection: "id title: 'Title'"`)} ${book}`).replace('connect/v0.4', 'connect/v0.3'),
    at: "'Title'",
    hint: "Write $.'Title' for the property, or $('Title') for the literal",
    severity: 'warning',
  },
  {
    code: 'NOT_PORTABLE',
    name: 'a type that leads back to itself (CIRCULAR_REFERENCE)',
    sdl: file(`${query(`${get}, selection: "id next { id }"`)} type Book { id: ID! next: Book }`),
    at: 'next',
    hint: 'connectors.portability',
    severity: 'warning',
  },
  {
    code: 'NOT_PORTABLE',
    name: 'a field of its own type with a connector (CIRCULAR_REFERENCE)',
    sdl: file(`${query(whole)} type Book { id: ID! title: String
      next: Book @connect(source: "api", http: { GET: "/books/{$this.id}/next" }, selection: "id title") }`),
    at: '"id title"',
    severity: 'warning',
  },
  {
    code: 'NOT_PORTABLE',
    name: 'a selection that fills a field with arguments (CONNECTORS_FIELD_WITH_ARGUMENTS)',
    sdl: file(`${query(whole)} type Book { id: ID! title(in: String): String }`),
    at: 'title',
    severity: 'warning',
  },
  {
    code: 'NOT_PORTABLE',
    name: 'an abstract value inside another (GROUP_SELECTION_IS_NOT_OBJECT)',
    sdl: file(`type Query { shelf: Shelf @connect(source: "api", http: { GET: "/shelf" },
      selection: "thing: { __typename: 'Book', id: thing.id }") }
      type Shelf { thing: Thing } union Thing = Book type Book { id: ID! }`),
    at: 'thing',
    severity: 'warning',
  },
  {
    code: 'NOT_PORTABLE',
    name: 'a federation link that is too old for Apollo',
    sdl: file(`${query(whole)} ${book}`).replace('federation/v2.13', 'federation/v2.9'),
    at: '"https://specs.apollo.dev/federation/v2.9"',
    severity: 'warning',
  },
];

describe('a connectors file', () => {
  test.each(cases)('with $name gets $code', ({ code, sdl, at, hint, severity = 'error' }) => {
    const faults = faultsOf(sdl);
    const found = faults.filter((fault) => fault.code === code);
    expect(
      found.map((fault) => pointedAt(sdl, fault)),
      JSON.stringify(faults, null, 1),
    ).toContain(at);
    const fault = found.find((candidate) => pointedAt(sdl, candidate) === at)!;
    expect(fault).toMatchObject({ severity, range: { file: 'schema/books.graphql' } });
    expect(fault.message).not.toMatch(/\.$/);
    expect(fault.hint ?? '').toContain(hint ?? '');
    const shown = formatFault(fault, new Map([['schema/books.graphql', sdl]]));
    expect(shown).toContain(`--> schema/books.graphql:${fault.range!.line}:${fault.range!.column}`);
    expect(shown).toMatch(/^> *\d+ \|/m);
  });

  // Those that become NOT_PORTABLE here are covered by its cases
  test('has a case for every code there is', () => {
    const codes = [...specCodes, 'NOT_PORTABLE', 'KEY_LIST_NOT_POSSIBLE', 'INVALID_TRIBUTARY_ARGUMENT'];
    expect(codes.filter((code) => !cases.some((one) => one.code === code))).toEqual([]);
  });

  test('is refused, or accepted without a word, where the settings say so about Apollo Router', () => {
    const sdl = cases.find(({ name }) => name.includes('leads back'))!.sdl;
    expect(faultsOf(sdl, { portability: 'error' })).toMatchObject([{ code: 'NOT_PORTABLE', severity: 'error' }]);
    expect(faultsOf(sdl, { portability: 'ignore' })).toEqual([]);
  });

  test('is refused with settings for a source that it does not declare', () => {
    const sdl = file(`${query(whole)} ${book}`);
    const [fault, ...others] = faultsOf(sdl, { sources: { apo: { overrideUrl: 'http://127.0.0.1:1' } } });
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ code: 'CONFIG_UNKNOWN_OPTION', hint: 'Did you mean "api"?' });
  });

  test('may carry its own copies of the definitions, in part and made stricter', () => {
    const copies = `scalar connect__URLPathTemplate
      input connect__ConnectBatch { maxSize: Int! }
      directive @connect(source: String, http: connect__ConnectHTTP!, selection: connect__JSONSelection!)
        repeatable on FIELD_DEFINITION | OBJECT`;
    expect(faultsOf(file(`${query(whole)} ${book} ${copies}`))).toEqual([]);
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
