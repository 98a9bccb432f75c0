/** What those read who change or look into a composed supergraph (the "join" specification of Apollo Federation). */
import {
  Kind,
  parse,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';

export type FieldsType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** What `@join__type` says of a type in one subgraph. */
export interface JoinMark {
  /** The value that stands for the subgraph. */
  readonly graph: string;
  readonly key: string | undefined;
  readonly isInterfaceObject: boolean;
}

export const joinMarksOf = ({ directives = [] }: FieldsType): JoinMark[] =>
  directives.flatMap(({ name, arguments: args = [] }) => {
    const valueOf = (wanted: string) => args.find((arg) => arg.name.value === wanted)?.value;
    const [graph, key, isObject] = [valueOf('graph'), valueOf('key'), valueOf('isInterfaceObject')];
    if (name.value !== 'join__type' || graph?.kind !== Kind.ENUM) return [];
    return [
      {
        graph: graph.value,
        key: key?.kind === Kind.STRING ? key.value : undefined,
        isInterfaceObject: isObject?.kind === Kind.BOOLEAN && isObject.value,
      },
    ];
  });

/** By the value that stands for a subgraph in `join__Graph`. */
export function subgraphNamesOf(document: DocumentNode): Map<string, string> {
  const names = new Map<string, string>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const { name, directives = [] } of definition.values ?? []) {
      const args = directives.find((directive) => directive.name.value === 'join__graph')?.arguments ?? [];
      const value = args.find((arg) => arg.name.value === 'name')?.value;
      if (value?.kind === Kind.STRING) names.set(name.value, value.value);
    }
  }
  return names;
}

export const fieldsTypesOf = (document: DocumentNode): FieldsType[] =>
  document.definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
      ? [definition]
      : [],
  );

/** A set of fields as directives have it, without braces. */
export function parseFieldSet(fields: string): SelectionSetNode {
  const [definition] = parse(`{ ${fields} }`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError(`Not a set of fields: ${fields}`);
  return definition.selectionSet;
}

export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
