/** What text can carry: a path or header parameter is one scalar, a query parameter a scalar, a list of them, or one flat object. */
import { getNamedType, getNullableType, isInputObjectType, isListType, type GraphQLInputType } from 'graphql';
import type { Rule } from './rule.ts';

const isLeafOrList = (type: GraphQLInputType): boolean => {
  const nullable = getNullableType(type);
  const item = isListType(nullable) ? getNullableType(nullable.ofType) : nullable;
  return !isListType(item) && !isInputObjectType(item);
};

export const bindableTypes: Rule = ({ declarations, report }) => {
  for (const { claims, name } of declarations) {
    for (const { from, type, variable, node, by } of claims) {
      const nullable = getNullableType(type);
      const isLeaf = !isListType(nullable) && !isInputObjectType(nullable);
      if ((from === 'path' || from === 'header') && !isLeaf) {
        report(`"$${variable}" of "${name}" is "${String(type)}": ${by} carries a single value only`, node);
      }
      if (from !== 'query' || isLeafOrList(type)) continue;
      const named = getNamedType(type);
      const isFlat =
        isInputObjectType(nullable) &&
        isInputObjectType(named) &&
        Object.values(named.getFields()).every((field) => isLeafOrList(field.type));
      if (!isFlat)
        report(`"$${variable}" of "${name}" is "${String(type)}", which does not fit into a query string`, node);
    }
  }
};
