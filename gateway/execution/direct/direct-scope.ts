/** What all positions of one operation are compiled with. */
import type { FragmentDefinitionNode, GraphQLObjectType } from 'graphql';
import type { FieldTable, ObjectField } from '../../connectors/index.ts';
import type { CollectOptions } from '../collect-fields.ts';

export interface DirectScope {
  readonly table: FieldTable;
  readonly collect: CollectOptions;
  readonly document: { readonly fragments: Record<string, FragmentDefinitionNode> };
  readonly isMutation: boolean;
  objectType(name: string): GraphQLObjectType;
  fieldOf(typeName: string, name: string): ObjectField;
}
