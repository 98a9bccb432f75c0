/** Drafts of any schema start: schemas are made up, and every one of them has to give documents without a fault. */
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { draftDocuments } from '../../../gateway/facade/drafts/draft-documents.ts';
import { createFacade } from '../../../gateway/facade/index.ts';

const outputs = [
  'Int',
  'String',
  'ID',
  'Boolean',
  'Json',
  'Color',
  'Apple',
  'Pear',
  'Fruit',
  'Named',
  'AppleConnection',
  'PearPage',
];
const inputs = ['Int', 'String', 'ID', 'Color', 'AppleInput', 'Deep'];
const names = [
  'id',
  'name',
  'apple',
  'apples',
  'pear',
  'nodes',
  'items',
  'version',
  'status',
  'pageInfo',
  'total',
  'appleId',
  'title',
];
const verbs = [
  'createApple',
  'updateApple',
  'deletePear',
  'replacePear',
  'ripenApple',
  'addPear',
  'shake',
  'putApple',
  'removeApple',
];

const typeOf = (kinds: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...kinds), fc.constantFrom('T', 'T!', '[T]', '[T!]!', '[T]!'))
    .map(([name, form]) => form.replace('T', name));

const argument = fc
  .tuple(
    fc.constantFrom('id', 'first', 'after', 'offset', 'limit', 'fields', 'input', 'where', 'appleId', 'version'),
    typeOf(inputs),
  )
  .map(([name, type]) => `${name}: ${type}`);
const args = fc
  .uniqueArray(argument, { maxLength: 3, selector: (text) => text.split(':')[0] })
  .map((list) => (list.length === 0 ? '' : `(${list.join(', ')})`));

const fieldsNamed = (choices: readonly string[]) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...choices), args, typeOf(outputs)), {
      minLength: 1,
      maxLength: 6,
      selector: ([name]) => name,
    })
    .map((fields) => fields.map(([name, given, type]) => `${name}${given}: ${type}`).join('\n  '));

const schemaText = fc
  .record({
    query: fieldsNamed([...names, 'search', 'profile', 'docs', 'me']),
    mutation: fieldsNamed(verbs),
    apple: fieldsNamed(names.filter((name) => name !== 'name')),
    pear: fieldsNamed(names.filter((name) => name !== 'name')),
    connection: fieldsNamed(['nodes', 'edges', 'pageInfo', 'totalCount', 'cursor']),
    page: fieldsNamed(['items', 'total', 'results', 'next']),
  })
  .map(
    ({ query, mutation, apple, pear, connection, page }) => `
type Query {
  ${query}
}
type Mutation {
  ${mutation}
}
type Apple implements Named {
  name: String
  ${apple}
}
type Pear implements Named {
  name: String
  ${pear}
}
type AppleConnection {
  ${connection}
}
type PearPage {
  ${page}
}
union Fruit = Apple | Pear
interface Named { name: String }
scalar Json
enum Color { RED GREEN }
input AppleInput { id: ID name: String! color: Color = RED }
input Deep { deep: Deep apples: [AppleInput!] }`,
  );

test('whatever the schema, the drafts start', () => {
  fc.assert(
    fc.property(schemaText, (text) => {
      const schema = buildSchema(text);
      const { documents } = draftDocuments(schema);
      const facade = createFacade({ documents, schema, basePath: '', execute: () => Promise.resolve({ data: null }) });
      expect(facade.disabled).toEqual([]);
    }),
    { numRuns: 10 },
  );
});
