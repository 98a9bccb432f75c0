/** The input type of a variable definition that has passed validation. */
import {
  isInputType,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type VariableDefinitionNode,
} from 'graphql';

export function inputTypeOf(schema: GraphQLSchema, definition: VariableDefinitionNode): GraphQLInputType {
  const type = typeFromAST(schema, definition.type);
  if (!isInputType(type)) throw new TypeError(`Variable "${definition.variable.name.value}" is not of an input type`);
  return type;
}
