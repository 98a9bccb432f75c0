/** The query that warms the planner up: valid for any graph, and no larger than it has to be. */
import { buildSchema, parse, print, validate, visit } from 'graphql';
import { expect, it } from 'vitest';
import { buildWarmUpDocument } from '../../gateway/planning/warm-up-document.ts';

it('asks for leaves some levels deep, and for nothing that needs an argument', () => {
  const schema = buildSchema(`
    type Query { me: User node(id: ID!): Node search: [Result] version: String }
    interface Node { id: ID! }
    type User implements Node { id: ID! name(short: Boolean): String friends: [User!] secret(key: ID!): String }
    union Result = User`);
  const document = buildWarmUpDocument(schema)!;
  expect(validate(schema, document)).toEqual([]);
  const expected = '{ me { id name friends { id name friends { id name friends { id name } } } } version }';
  expect(print(document)).toBe(print(parse(expected)));
});

it('is bounded, however large the graph is', () => {
  const fields = (type: string) => Array.from({ length: 50 }, (_, index) => `f${index}: ${type}`).join(' ');
  const schema = buildSchema(`type Query { ${fields('A')} } type A { ${fields('B')} } type B { ${fields('Int')} }`);
  const document = buildWarmUpDocument(schema)!;
  expect(validate(schema, document)).toEqual([]);
  let count = 0;
  visit(document, { Field: () => void count++ });
  expect(count).toBeLessThan(150);
});

it('is nothing where every field needs an argument', () => {
  expect(buildWarmUpDocument(buildSchema('type Query { user(id: ID!): String }'))).toBeUndefined();
});
