/** Scalars of the graph itself are any JSON to the schema of a body: their own parsers have the last word. */
import { buildSchema, GraphQLError, type GraphQLScalarType } from 'graphql';
import { expect, it } from 'vitest';
import { createFacade } from '../../../gateway/facade/index.ts';
import { toRequest } from '../bookshop.ts';

const schema = buildSchema('scalar Even type Query { sum(of: [Even!]): Int }');
(schema.getType('Even') as GraphQLScalarType).parseValue = (value) => {
  if (typeof value === 'number' && value % 2 === 0) return value;
  throw new GraphQLError(`${JSON.stringify(value)} is odd`);
};
const facade = createFacade({
  documents: [
    { file: 'sums.graphql', text: 'query sum($of: [Even!]) @http(method: POST, route: "/sums") { sum(of: $of) }' },
  ],
  schema,
  basePath: '/rest',
  info: { title: 'Sums', version: '1.0.0' },
  execute: async () => ({ data: { sum: 6 } }),
});
const send = async (of: readonly number[]) => {
  const { status, body } = await facade.handle(toRequest('/rest/sums', { method: 'POST', body: { of } }));
  return { status, body: JSON.parse(String(body)) as { errors?: unknown[] } };
};

it('a value that does not fit is told with its place, and not repeated', async () => {
  expect(await send([2, 4])).toMatchObject({ status: 200 });
  const { status, body } = await send([2, 77]);
  expect(status).toBe(422);
  expect(body.errors).toEqual([{ pointer: '/of/1', detail: 'The value does not fit its type', code: 'type' }]);
  expect(JSON.stringify(body)).not.toContain('77');
});

it('of many values that do not fit, ten are told', async () => {
  const { status, body } = await send(Array.from({ length: 1000 }, () => 1));
  expect(status).toBe(422);
  expect(body.errors).toHaveLength(10);
});
