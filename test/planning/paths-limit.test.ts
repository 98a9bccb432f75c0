import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createQueryPlanner } from '../../gateway/planning/apollo-query-planner.ts';
import { composeParts } from '../execution/start-graph.ts';

/** Everything can be had in each of the subgraphs, so each field of a query has as many ways as there are subgraphs. */
const shared = {
  sdl: `
    type Query { item: Item @shareable }
    type Item @key(fields: "id") { id: ID! a: Item @shareable b: String @shareable }`,
};

describe('pathsLimit', () => {
  const supergraphSdl = composeParts({ one: shared, two: shared, three: shared });
  const query = '{ item { a { a { b } } } }';

  it('an operation with more ways than allowed is refused with a code', () => {
    const planner = createQueryPlanner(supergraphSdl, { pathsLimit: 2 });
    expect(() => planner.plan(query)).toThrow(
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'REQUEST_TOO_COMPLEX' }) }) as GraphQLError,
    );
  });

  it('an operation with fewer is planned', () => {
    expect(createQueryPlanner(supergraphSdl, { pathsLimit: 100 }).plan(query).root).toMatchObject({ kind: 'fetch' });
  });
});
