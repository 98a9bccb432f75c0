/** `__schema` and `__type` at the root of a query are answered by graphql-js, whatever else the query asks for. */
import {
  executeSync,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Members } from './own-members.ts';

export type Introspect = (variables: Readonly<Record<string, unknown>>) => Members;

/** Undefined when the operation asks for nothing of the kind; `rootFields` are all its root fields. */
export function compileIntrospection(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  rootFields: readonly FieldNode[],
): Introspect | undefined {
  const selections = rootFields.filter(({ name }) => name.value === '__schema' || name.value === '__type');
  if (selections.length === 0) return undefined;
  const own: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation, directives: [], selectionSet: { kind: Kind.SELECTION_SET, selections } },
      ...document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION),
    ],
  };
  return (variables) => {
    const { data, errors } = executeSync({ schema, document: own, variableValues: variables });
    const [error] = errors ?? [];
    if (error !== undefined) throw error;
    return data as Members;
  };
}
