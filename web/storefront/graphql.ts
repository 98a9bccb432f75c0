/** The tag of the storefront's operations: their result and variable types are inferred from the API schema. */
import { initGraphQLTada } from 'gql.tada';
import type { introspection } from '../graphql-env.d.ts';

export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { Decimal: string; DateTime: string };
}>();

export type { ResultOf, VariablesOf } from 'gql.tada';
