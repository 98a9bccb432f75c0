/** Whether a value of a subgraph may stand for a leaf type. Values are given on as they are; nothing is coerced. */
import { isEnumType, type GraphQLLeafType } from 'graphql';

export type IsValidLeaf = (value: unknown) => boolean;

export function validatorOf(type: GraphQLLeafType): IsValidLeaf {
  if (isEnumType(type)) return (value) => typeof value === 'string' && type.getValue(value) !== undefined;
  switch (type.name) {
    case 'Boolean':
      return (value) => typeof value === 'boolean';
    case 'Int':
      return Number.isInteger;
    case 'Float':
      return Number.isFinite;
    case 'String':
      return (value) => typeof value === 'string';
    case 'ID':
      return (value) => typeof value === 'string' || typeof value === 'bigint' || Number.isInteger(value);
    default:
      return () => true;
  }
}
