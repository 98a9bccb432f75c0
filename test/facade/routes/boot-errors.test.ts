/** What stops a start (facade.md 2.5): one document a rule, the sentence and the place it must give. */
import { describe, expect, it } from 'vitest';
import { FaultsError } from '../../../gateway/facade/index.ts';
import { openShop } from '../bookshop.ts';

const book = '{ book(id: $id) { id } }';
const get = (directives: string, variables = '$id: ID!', selection = book) =>
  `query Get(${variables}) ${directives} ${selection}`;
const rels = (rules: string) =>
  get(`@http(method: GET, route: "/b/{id}") @resource(type: "Book") @rels(add: [${rules}])`);
const list = (page: string, variables = '$first: Int = 20, $after: String') =>
  `query List(${variables}) @http(method: GET, route: "/b") @collection(of: "Book", page: ${page}) { books(${variables.includes('$after') ? 'first: $first, after: $after' : 'first: $first'}) { nodes { id } pageInfo { endCursor } } }`;
const order = (outcomes: string, members: string) =>
  `mutation Cancel($id: ID!) @http(method: POST, route: "/o/{id}/c", outcomes: [${outcomes}]) { cancelOrder(id: $id) { ... on Order { id } ${members} } }`;

const cases: readonly (readonly [rule: string, text: string, ...messages: string[]])[] = [
  ['1', 'query {', 'Syntax Error: Expected Name, found <EOF>'],
  [
    '1',
    get('@http(method: GET, route: "/b/{id}")', '$id: ID!', '{ book(id: $id) { titel } }'),
    'Cannot query field "titel" on type "Book". Did you mean "title"?',
  ],
  ['1', get('@http(method: GET, route: "/b/{id}") @resurce(type: "Book")'), 'Unknown directive "@resurce"'],
  ['1', 'query Get($id: ID!) { book(id: $id) { id } }', '"Get" has no @http, so it is no route'],
  [
    '2',
    get('@http(method: GET, route: "/b/{id}")', '$id: ID! @query'),
    'Variable "$id" of "Get" is bound twice: by the path and by @query',
  ],
  [
    '3',
    'mutation Add($i: ReviewInput!) @http(method: POST, route: "/r", queryParameters: ["rating:$i.rating"]) { addReview(input: $i) { id } }',
    'Nothing binds "$i.bookId" of "Add", which is required',
    'Nothing binds "$i.reader" of "Add", which is required',
    'Nothing binds "$i.text" of "Add", which is required',
  ],
  [
    '4',
    get('@http(method: GET, route: "/b/{key}")'),
    'Path parameter "{key}" of "/b/{key}" needs a variable "$key" in "Get"',
  ],
  ['4', get('@http(method: GET, route: "b/{id}")'), 'Route "b/{id}" does not start with "/"'],
  [
    '5',
    'mutation Put($id: ID!, $input: BookInput! @body) @http(method: PUT, route: "/b") { replaceBook(id: $id, input: $input) { id } }',
    'Variable "$id" of "Put" has no place: "$input" is the whole body',
  ],
  [
    '6',
    `${get('@http(method: GET, route: "/b/{id}")')} query Other($key: ID!) @http(method: GET, route: "/b/{key}") { book(id: $key) { id } }`,
    'GET /b/{key} is declared twice: by "Get" and by "Other"',
  ],
  [
    '7',
    'mutation Drop($id: ID!) @http(method: GET, route: "/b/{id}") { deleteBook(id: $id) }',
    'GET is bound to the mutation "Drop"',
  ],
  [
    '8',
    'query Two($id: ID!) @http(method: GET, route: "/b/{id}") { book(id: $id) { id } author(id: $id) { id } }',
    '"Two" has 2 root selections, expected one root field',
  ],
  [
    '9',
    get(
      '@http(method: GET, route: "/b/{id}", result: "book.reviws")',
      '$id: ID!',
      '{ book(id: $id) { reviews { totalCount } } }',
    ),
    '"Get" does not select "book.reviws", which "result" names',
  ],
  ['9', list('{ items: "node" }'), '"List" does not select "node", which page.items names'],
  ['9', list('{ items: "pageInfo" }'), '"pageInfo", which page.items of "List" names, is not a list'],
  [
    '9',
    list('{ items: "nodes", info: "info", total: "totalCount" }'),
    '"List" does not select "info", which page.info names',
    '"List" does not select "totalCount", which page.total names',
  ],
  [
    '9',
    get('@http(method: GET, route: "/b/{id}") @resource(type: "Book", version: "revision")'),
    'Type "Book" has no field "revision", which the version of "Get" names',
  ],
  [
    '9',
    get('@http(method: GET, route: "/b/{id}") @resource(type: "Bok")'),
    '@resource of "Get" names "Bok", which is no object type',
  ],
  ['10', list('{ items: "nodes" }', '$first: Int = 20'), 'page.cursor of "List" is "after", which is no variable'],
  ['10', list('{ items: "nodes", max: 10 }'), 'page.max of "List" is 10, below the default of "$first", 20'],
  [
    '11',
    `${get('@http(method: GET, route: "/b/{id}") @resource(type: "Book")')} query Other($id: ID!) @http(method: GET, route: "/c/{id}") @resource(type: "Book") ${book}`,
    'Type "Book" has two @resource routes: "Get" and "Other"',
  ],
  ['11', get('@http(method: GET, route: "/b") @resource(type: "Book")'), 'Route "/b" of "Get" lacks the key "id"'],
  [
    '12',
    order('', '... on NotCancellable { message }'),
    '"Cancel" may answer "Order", "NotCancellable": one is the success, list the others in "outcomes"',
  ],
  [
    '12',
    order('{ type: "OutOfStock", status: 409 }, { type: "NotCancellable", status: 409 }', ''),
    'Outcome "OutOfStock" of "Cancel" is no member of the result',
  ],
  [
    '13',
    order('{ type: "NotCancellable", status: 409 }', '... on NotCancellable { message status }'),
    'Outcome "NotCancellable" of "Cancel" selects "status", which is a member of every problem',
  ],
  [
    '14',
    get('@http(method: GET, route: "/b/{id}") @lifecycle(successor: "Gett")'),
    'The successor of "Get" is "Gett", which is no operation',
  ],
  [
    '15',
    get('@http(method: GET, route: "/b/{id}") @lifecycle(deprecated: "2026-06-30", sunset: "2026-01-01")'),
    'The sunset of "Get", 2026-01-01, is before its deprecation, 2026-06-30',
  ],
  [
    '15',
    get('@http(method: GET, route: "/b/{id}") @lifecycle(sunset: "2026-02-30")'),
    '"sunset" of "Get" is "2026-02-30", expected a date such as "2027-06-30"',
  ],
  [
    '16',
    get('@http(method: GET, route: "/b/{id}")', '$id: ID!', '{ book(id: $id) { id @optional } }'),
    '"id" is @optional, but its type is "ID!", which may not be null',
  ],
  [
    '20',
    get('@http(method: GET, route: "/b")', '$id: ID! @query(name: "fields")'),
    'Query parameter "fields" of "Get" is reserved',
  ],
  [
    'own path',
    'query Api @http(method: GET, route: "/openapi.json") { books { totalCount } }',
    'Route "/openapi.json" is one the facade answers itself',
  ],
  [
    'types',
    'query Get($f: BookFilter! @header(name: "X-Filter")) @http(method: GET, route: "/b") { books(filter: $f) { totalCount } }',
    '"$f" of "Get" is "BookFilter!": @header carries a single value only',
  ],
  [
    'guard',
    'mutation Drop($id: ID!, $v: Int! @header(name: "If-Match")) @http(method: DELETE, route: "/b/{id}") @guard { deleteBook(id: $id, expectedVersion: $v) }',
    '"$v" of "Drop" reads "If-Match" and may not be null',
  ],
  [
    'guard',
    'mutation Drop($id: ID!) @http(method: DELETE, route: "/b/{id}") @guard { deleteBook(id: $id) }',
    '"Drop" has @guard, but no variable reads "If-Match"',
  ],
  [
    'key',
    'mutation Add($input: BookInput! @body) @http(method: POST, route: "/b", outcomes: [{ type: "DuplicateIsbn", status: 409 }]) @idempotent(ttl: "a day") { createBook(input: $input) { __typename } }',
    '"ttl" of "Add" is "a day", expected a duration such as "24h"',
  ],
  ['14', rels('{ rel: "x", to: "Gett" }'), 'Link "x" of "Get" leads to "Gett", which is no operation'],
  [
    '17',
    rels('{ rel: "x", to: "Get", args: "id: $.id", when: "$.id->" }, { rel: "y", to: "Get", when: "$.stok->gt(0)" }'),
    '"when" of link "x" of "Get" does not read: Expected a method name after "->", found the end',
    '"when" of link "y" of "Get" reads "stok", which is not selected',
  ],
  ['17', rels('{ rel: "x", to: "Get", args: "key: $.id" }'), 'Link "x" of "Get" fills no "{id}" of "Get"'],
  [
    '17',
    `mutation Add($bookId: ID!, $rating: Int!, $text: String!, $reader: String!) @http(method: POST, route: "/r", location: "/r/{$.nr}/{") {
      addReview(input: { bookId: $bookId, rating: $rating, text: $text, reader: $reader }) { id } }`,
    '"location" of "Add" does not read: A "{" is not closed',
  ],
  [
    '17',
    `mutation Add($bookId: ID!, $rating: Int!, $text: String!, $reader: String!) @http(method: POST, route: "/r", location: "/r/{$.nr}") {
      addReview(input: { bookId: $bookId, rating: $rating, text: $text, reader: $reader }) { id } }`,
    '"location" of "Add" reads "nr", which is not selected',
  ],
  [
    '17',
    get('@http(method: GET, route: "/b/{id}", location: "/b/{$.id}")'),
    '"Get" has a location, but creates nothing: expected a mutation under POST',
  ],
];

function faultsOf(text: string) {
  try {
    openShop({ documents: [{ file: 'rest/v1/bad.graphql', text }] });
    return [];
  } catch (error) {
    if (!(error instanceof FaultsError)) throw error;
    return error.faults;
  }
}

describe('createFacade refuses', () => {
  it.each(
    cases.map(([rule, text, ...messages], i) => ({
      name: `rule ${rule}, case ${i}: ${messages[0] ?? 'nothing'}`,
      text,
      messages,
    })),
  )('$name', ({ text, messages }) => {
    const faults = faultsOf(text);
    expect(faults.map(({ message }) => message)).toEqual(messages);
    for (const fault of faults) expect(fault.range).toMatchObject({ file: 'rest/v1/bad.graphql', line: 1 });
  });

  it('nothing in a file that is a comment as a whole', () => {
    const { facade } = openShop({ documents: [{ file: 'off.graphql', text: '# query Off {\n#   books\n' }] });
    expect(facade.routes).toEqual([]);
  });

  it('everything at once, in order of place, with a code frame', () => {
    const text = [
      'query A($id: ID!) @http(method: GET, route: "/a") @resource(type: "Book") {',
      '  book(id: $id) { id @optional }',
      '}',
      'query B @http(method: PUT, route: "/b") { books { totalCount } }',
    ].join('\n');
    const faults = faultsOf(text);
    expect(faults.map(({ message, range }) => `${range?.line}:${range?.column} ${message}`)).toMatchInlineSnapshot(`
      [
        "1:45 Route "/a" of "A" lacks the key "id"",
        "2:22 "id" is @optional, but its type is "ID!", which may not be null",
        "4:23 PUT is bound to the query "B"",
      ]
    `);
    try {
      openShop({ documents: [{ file: 'bad.graphql', text }] });
    } catch (error) {
      expect((error as Error).message).toContain('> 2 |   book(id: $id) { id @optional }');
    }
  });
});
