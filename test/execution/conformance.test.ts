/**
 * `engine: tributary` over three subgraphs against graphql-js over one schema that has it all: what the GraphQL specification
 * says of an answer (section 6) does not depend on where the fields come from. Data and the places of errors are equal.
 */
import { GraphQLError, graphql, buildSchema, type GraphQLFieldResolver } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph, type TestSubgraph } from './start-graph.ts';

type Row = Record<string, any>;

const pets: readonly Row[] = [
  { __typename: 'Dog', id: 'd1', name: 'Rex', barks: true, mood: 'GLAD', owner: { id: 'o1' } },
  { __typename: 'Cat', id: 'c1', name: null, lives: 9, mood: null, owner: { id: 'o2' } },
  { __typename: 'Dog', id: 'd2', name: 'Ace', barks: null, mood: 'GRIM', owner: null },
];
const petOf = ({ id }: Row): Row | undefined => pets.find((pet) => pet['id'] === id);
const broken = () => {
  throw new GraphQLError('It broke', { extensions: { code: 'BROKEN' } });
};

/** By type and field, whoever answers it. */
const fields: Record<string, Record<string, GraphQLFieldResolver<any, unknown>>> = {
  Query: {
    pets: () => pets,
    pet: (_, { id }: Row) => petOf({ id }) ?? null,
    any: () => [pets[1], { __typename: 'Owner', id: 'o1' }, null],
    owner: (_, { id }: Row) => ({ id }),
    echo: (_, { text, number, list, input }: Row) => JSON.stringify({ text, number, list, input }),
    grid: () => [[pets[0], null], null, [], [pets[2]]],
    strict: () => null,
    fails: broken,
    number: () => 7,
  },
  Dog: { weight: ({ id }: Row) => (id === 'd1' ? 30 : broken()), secret: broken },
  Cat: { weight: () => 4 },
  Owner: {
    name: ({ id }: Row) => `Owner ${String(id)}`,
    pets: ({ id }: Row) => pets.filter((pet) => pet['owner']?.id === id),
    needed: ({ id }: Row) => (id === 'o2' ? broken() : 'there'),
  },
};

const inputs = 'input Filter { min: Int = 3  names: [String!]  deep: Filter }  enum Mood { GLAD GRIM CALM }';
const monolith = buildSchema(`
  type Query {
    pets: [Pet!]!  pet(id: ID!): Pet  any: [Any]  owner(id: ID!): Owner  grid: [[Pet]]
    echo(text: String = "none", number: Int, list: [Int!], input: Filter): String
    strict: [String!]  fails: String  number: Int
  }
  interface Named { name: String }
  interface Pet implements Named { id: ID!  name: String  mood: Mood  weight: Int  owner: Owner }
  type Dog implements Pet & Named { id: ID!  name: String  mood: Mood  barks: Boolean  weight: Int  secret: String!  owner: Owner }
  type Cat implements Pet & Named { id: ID!  name: String  mood: Mood  lives: Int  weight: Int  owner: Owner }
  type Owner implements Named { id: ID!  name: String  pets: [Pet!]  needed: String! }
  union Any = Cat | Owner
  ${inputs}`);
for (const [type, resolvers] of Object.entries(fields)) {
  const known = (monolith.getType(type) as any).getFields();
  for (const [name, resolve] of Object.entries(resolvers)) known[name].resolve = resolve;
}

const pick = (type: string, names: readonly string[]): Row =>
  Object.fromEntries(names.map((name) => [name, fields[type]![name]]));
const reference = (thing: Row): Row => petOf(thing) ?? thing;

const parts: Record<string, TestSubgraph> = {
  pets: {
    sdl: `
      type Query {
        pets: [Pet!]!  pet(id: ID!): Pet  any: [Any]  grid: [[Pet]]
        echo(text: String = "none", number: Int, list: [Int!], input: Filter): String
        strict: [String!]
      }
      interface Named { name: String }
      interface Pet implements Named { id: ID!  name: String  mood: Mood  owner: Owner }
      type Dog implements Pet & Named @key(fields: "id") { id: ID!  name: String  mood: Mood  barks: Boolean  owner: Owner }
      type Cat implements Pet & Named @key(fields: "id") { id: ID!  name: String  mood: Mood  lives: Int  owner: Owner }
      type Owner @key(fields: "id") { id: ID! }
      union Any = Cat | Owner
      ${inputs}`,
    resolvers: {
      Query: pick('Query', ['pets', 'pet', 'any', 'grid', 'echo', 'strict']),
      Dog: { __resolveReference: reference },
      Cat: { __resolveReference: reference },
    },
  },
  weights: {
    sdl: `
      type Query { fails: String  number: Int }
      interface Pet { id: ID!  weight: Int }
      type Dog implements Pet @key(fields: "id") { id: ID!  weight: Int  secret: String! }
      type Cat implements Pet @key(fields: "id") { id: ID!  weight: Int }`,
    resolvers: {
      Query: pick('Query', ['fails', 'number']),
      Dog: { __resolveReference: reference, ...fields['Dog'] },
      Cat: { __resolveReference: reference, ...fields['Cat'] },
    },
  },
  owners: {
    sdl: `
      type Query { owner(id: ID!): Owner }
      interface Named { name: String }
      interface Pet { id: ID! }
      type Owner implements Named @key(fields: "id") { id: ID!  name: String  pets: [Pet!]  needed: String! }
      type Dog implements Pet @key(fields: "id") { id: ID! }
      type Cat implements Pet @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: pick('Query', ['owner']),
      Owner: { __resolveReference: reference, ...fields['Owner'] },
    },
  },
};

interface Case {
  readonly name: string;
  readonly query: string;
  readonly variables?: Row;
}

const cases: readonly Case[] = [
  {
    name: '__typename at the root, of an interface, of a union, with an alias',
    query: '{ __typename t: __typename pets { __typename x: __typename } any { __typename } }',
  },
  {
    name: 'fields in the order of the operation, merged',
    query: '{ number pets { name id } b: number pets { mood id } fails }',
  },
  { name: 'an interface whose fields come from two subgraphs', query: '{ pets { id weight name } }' },
  { name: 'types below an interface', query: '{ pets { ... on Dog { barks weight } ... on Cat { lives weight } } }' },
  {
    name: 'one response name for different fields of different types',
    query: '{ pets { ... on Dog { x: barks } ... on Cat { x: lives } } }',
  },
  {
    name: 'an interface as the condition of a fragment',
    query: '{ any { ... on Named { name } ... on Pet { id mood } } }',
  },
  {
    name: 'members of a union from two subgraphs',
    query: '{ any { ... on Owner { id name } ... on Cat { name weight owner { name } } } }',
  },
  {
    name: 'fragments in fragments',
    query:
      '{ pets { ...A } } fragment A on Pet { id ...B } fragment B on Pet { ... on Dog { ...C } } fragment C on Dog { owner { name } }',
  },
  {
    name: 'a null that must not be takes the nearest place that may be null',
    query: '{ pets { id ... on Dog { secret } } }',
  },
  { name: 'the same in a list that may hold nulls', query: '{ grid { id ... on Dog { secret } } }' },
  { name: 'lists of lists with nulls', query: '{ grid { id weight owner { name } } }' },
  { name: 'a null across subgraphs', query: '{ pets { id owner { id needed name } } }' },
  { name: 'an error beside data', query: '{ fails number pets { id weight } }' },
  { name: 'an error with an alias', query: '{ x: fails pets { w: weight } }' },
  { name: 'null of a list of strings', query: '{ strict }' },
  { name: 'an object that is not there', query: '{ pet(id: "none") { id weight owner { name } } }' },
  {
    name: '@skip and @include with literals',
    query: '{ number @skip(if: true) fails @include(if: false) pets { id @skip(if: false) } }',
  },
  {
    name: '@skip and @include with variables',
    query:
      'query ($a: Boolean!, $b: Boolean = true) { number @skip(if: $a) pets @include(if: $b) { id ...F @include(if: $a) } } fragment F on Pet { weight @skip(if: $b) name }',
    variables: { a: true },
  },
  {
    name: '@skip of a whole fragment on another subgraph',
    query:
      'query ($a: Boolean!) { pets { id ... @skip(if: $a) { weight } owner { ... @include(if: $a) { name } id } } }',
    variables: { a: false },
  },
  { name: 'nothing is left', query: '{ number @skip(if: true) }' },
  {
    name: 'nothing is left below a field',
    query:
      '{ pets { name @skip(if: true) } pet(id: "d1") { ... @include(if: false) { id } } owner(id: "o1") { ...F } } fragment F on Owner { id @skip(if: true) }',
  },
  {
    name: 'nothing is left below fields under a condition',
    query:
      'query ($a: Boolean!) { pet(id: "c1") @skip(if: $a) { id @skip(if: true) } owner(id: "o1") @skip(if: $a) { ...F @skip(if: true) } } fragment F on Owner { id }',
    variables: { a: false },
  },
  {
    name: 'one condition leaves nothing below a field',
    query:
      'query ($a: Boolean!, $b: Boolean = false) { pet(id: "c1") { id @skip(if: $a) ... @skip(if: $a) { name } } pets { ...F } owner(id: "o1") { name @include(if: $b) } } fragment F on Pet { weight @skip(if: $a) }',
    variables: { a: true },
  },
  {
    name: 'nothing is left below fields of other subgraphs',
    query:
      'query ($a: Boolean!) { pets { owner { name @skip(if: $a) } } owner(id: "o1") { pets { weight @skip(if: true) } } any { ... on Owner { name @include(if: false) } } }',
    variables: { a: true },
  },
  { name: 'an argument left out, with its default', query: '{ echo }' },
  { name: 'an argument that is null', query: '{ echo(text: null, number: null) }' },
  { name: 'one value for a list', query: '{ echo(list: 3) }' },
  { name: 'input objects with defaults, deep', query: '{ echo(input: { names: "a", deep: { min: 1, deep: {} } }) }' },
  {
    name: 'variables within lists and objects',
    query: 'query ($n: Int!, $f: Filter) { a: echo(list: [1, $n], input: { min: $n }) b: echo(input: $f) }',
    variables: { n: 5, f: { names: ['x'], deep: { min: null } } },
  },
  { name: 'a variable that is not given', query: 'query ($t: String, $n: Int) { echo(text: $t, number: $n) }' },
  {
    name: 'a default of a variable against that of an argument',
    query: 'query ($t: String = "mine") { echo(text: $t) }',
  },
  { name: 'introspection beside data', query: '{ number __type(name: "Owner") { name fields { name } } pets { id } }' },
  {
    name: 'round and round between subgraphs',
    query: '{ owner(id: "o1") { name pets { id name owner { name pets { weight } } } } }',
  },
  {
    name: 'aliases that are names of keys',
    query: '{ pets { id: name x: id weight } owner(id: "o1") { id: name name: id pets { weight } } }',
  },
  {
    name: 'the same object at two places',
    query: '{ a: pet(id: "d1") { weight owner { name } } b: pet(id: "d1") { owner { name pets { weight } } } }',
  },
];

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly path?: readonly (string | number)[] }[];
}

/** Up to the first null: below one that was passed up, which errors are met depends on the order (specification, 6.4.4). */
function placesOf({ data, errors = [] }: Answer): string[] {
  const places = errors.map(({ path = [] }) => {
    let value: unknown = data;
    const end = path.findIndex((element) => {
      if (value === null || value === undefined) return true;
      value = (value as Record<string | number, unknown>)[element];
      return false;
    });
    return path.slice(0, end === -1 ? path.length : end).join('.');
  });
  return [...new Set(places)].toSorted((a, b) => a.localeCompare(b));
}

describe('an answer over subgraphs is that of one schema', () => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph(parts);
  });

  it.each(cases)('$name', async ({ query, variables = {} }) => {
    const expected = JSON.parse(
      JSON.stringify(await graphql({ schema: monolith, source: query, variableValues: variables })),
    ) as Answer;
    const answer = await graph.ask(query, variables);
    expect(answer.data).toEqual(expected.data);
    expect(JSON.stringify(answer.data)).toBe(JSON.stringify(expected.data));
    expect(placesOf(answer)).toEqual(placesOf(expected));
  });
});
