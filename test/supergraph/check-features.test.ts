import { ApolloGateway } from '@apollo/gateway';
import { parse, Source } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composeSupergraph } from '../../gateway/supergraph/compose-supergraph.ts';
import { FaultsError } from '../../gateway/errors/fault.ts';
import { createQueryPlanner } from '../../gateway/planning/apollo-query-planner.ts';

const link = (imports: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [${imports}])\n`;

function compose(sdl: string): string {
  const typeDefs = parse(new Source(sdl, 'users.graphql'));
  return composeSupergraph([{ name: 'users', typeDefs, url: 'http://users.test' }], new Map([['users.graphql', sdl]]))
    .sdl;
}

function faultsOf(sdl: string): FaultsError {
  try {
    compose(sdl);
  } catch (error) {
    if (error instanceof FaultsError) return error;
    throw error;
  }
  throw new Error('It composed');
}

describe('a directive that guards and is not enforced stops composition', () => {
  it.each([
    ['@authenticated', '"@authenticated"', 'type Query { me: String @authenticated }'],
    ['@requiresScopes', '"@requiresScopes"', 'type Query { me: String @requiresScopes(scopes: [["read"]]) }'],
    ['@policy', '"@policy"', 'type Query { me: String @policy(policies: [["adult"]]) }'],
    ['@federation__authenticated', '', 'type Query { me: String @federation__authenticated }'],
    [
      '@context',
      '"@key", "@context", "@fromContext"',
      'type Query { me: User } type User @key(fields: "id") @context(name: "user") { id: ID! name: String pet: Pet } type Pet @key(fields: "id") { id: ID! tag(name: String @fromContext(field: "$user { name }")): String }',
    ],
  ])('%s', (directive, imports, sdl) => {
    const { faults, message } = faultsOf(link(imports) + sdl);
    expect(faults.map(({ code }) => code)).toEqual(['COMPOSITION_NOT_ENFORCED']);
    expect(faults[0]!.message).toContain(directive);
    expect(message).toContain('--> users.graphql:2:');
  });

  it('on a type, by another name, is found too', () => {
    const { faults } = faultsOf(
      `${link('{ name: "@authenticated", as: "@login" }')}type Query { me: User } type User @login { id: ID }`,
    );
    expect(faults.map(({ code }) => code)).toEqual(['COMPOSITION_NOT_ENFORCED']);
  });
});

describe('a directive that only advises', () => {
  it.each([
    [
      '@cost',
      '"@cost", "@listSize"',
      'type Query { list(first: Int): [Int] @cost(weight: 5) @listSize(slicingArguments: ["first"]) }',
    ],
    ['@cacheTag', '"@cacheTag"', 'type Query { list: [Int] @cacheTag(format: "list") }'],
    ['@tag', '"@tag"', 'type Query { list: [Int] @tag(name: "public") }'],
  ])('%s is left aside: both engines load the graph', async (_name, imports, sdl) => {
    const supergraphSdl = compose(link(imports) + sdl);
    expect(createQueryPlanner(supergraphSdl).plan('{ list }').root).toMatchObject({ kind: 'fetch', subgraph: 'users' });
    process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
    const gateway = new ApolloGateway({ supergraphSdl });
    await gateway.load();
    await gateway.stop();
  });
});
