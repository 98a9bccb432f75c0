/** Rule 16: `@optional` on a non-null field: its failure would destroy the parent, so nothing would be optional. */
import {
  isNonNullType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from 'graphql';
import type { Rule } from './rule.ts';

export const optionalIsNullable: Rule = ({ declarations, schema, report }) => {
  const definitions = new Set<OperationDefinitionNode | FragmentDefinitionNode>();
  for (const { operation, fragments } of declarations) {
    definitions.add(operation);
    for (const fragment of fragments.values()) definitions.add(fragment);
  }
  for (const definition of definitions) {
    const types = new TypeInfo(schema);
    const check = visitWithTypeInfo(types, {
      Field(node) {
        const directive = node.directives?.find((one) => one.name.value === 'optional');
        const type = types.getFieldDef()?.type;
        if (directive && type && isNonNullType(type)) {
          report(
            `"${node.name.value}" is @optional, but its type is "${String(type)}", which may not be null`,
            directive,
          );
        }
      },
    });
    visit(definition, check);
  }
};
