/**
 * The document that is executed: one operation with its fragments, without the facade's directives, and with what the
 * facade has to know of the result besides what the author selected: `__typename` of abstract types, and the key and the
 * version of a resource (facade.md 2.2, 4.1). What was added never reaches a client.
 */
import {
  getNamedType,
  isAbstractType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Declaration } from './declaration.ts';
import { spreadFragments } from './read-documents.ts';

/** The facade's directives, by name; everything else is left to the graph. */
export const facadeDirectiveNames: ReadonlySet<string> = new Set([
  'http',
  'resource',
  'collection',
  'rels',
  'async',
  'idempotent',
  'guard',
  'cache',
  'lifecycle',
  'body',
  'query',
  'header',
  'optional',
  'example',
]);

/** The answer key of a field the facade asks for on its own. */
export const hiddenKey = (fieldName: string): string => `facade__${fieldName}`;

const fieldNode = (name: string, alias?: string): FieldNode => ({
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: name },
  ...(alias === undefined ? {} : { alias: { kind: Kind.NAME, value: alias } }),
});

const selectionSet = (selections: readonly SelectionNode[]): SelectionSetNode => ({
  kind: Kind.SELECTION_SET,
  selections,
});

/** `... on Type { facade__id: id }`, or the fields alone when the result is of that very type. */
function hiddenSelections(fields: readonly string[], type: string, isAbstract: boolean): SelectionNode[] {
  const nodes = fields.map((name) => fieldNode(name, hiddenKey(name)));
  if (nodes.length === 0 || !isAbstract) return nodes;
  return [
    {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
      selectionSet: selectionSet(nodes),
    },
  ];
}

/** The nodes of the fields on the result path, below the root, so that they can be repeated with other selections. */
function findNode(set: SelectionSetNode, key: string, declaration: Declaration): FieldNode | undefined {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      if ((selection.alias ?? selection.name).value === key) return selection;
      continue;
    }
    const below = selection.kind === Kind.INLINE_FRAGMENT ? selection : declaration.fragments.get(selection.name.value);
    const found = below && findNode(below.selectionSet, key, declaration);
    if (found) return found;
  }
  return undefined;
}

/** The root field with more selections at the end of the path; equal fields merge, so the author's are kept. */
function addAt(
  field: FieldNode,
  path: readonly string[],
  extra: readonly SelectionNode[],
  declaration: Declaration,
): FieldNode {
  const [key, ...rest] = path;
  if (!field.selectionSet) return field;
  if (key === undefined) {
    return { ...field, selectionSet: selectionSet([...field.selectionSet.selections, ...extra]) };
  }
  const next = findNode(field.selectionSet, key, declaration);
  if (!next) return field;
  const only = addAt({ ...next, selectionSet: selectionSet([]) }, rest, extra, declaration);
  return { ...field, selectionSet: selectionSet([...field.selectionSet.selections, only]) };
}

/** What the facade needs to know of the result: names of fields of `type`. */
export interface HiddenFields {
  readonly type: string;
  readonly isAbstract: boolean;
  readonly fields: readonly string[];
}

const isOurs = (directive: DirectiveNode): boolean => facadeDirectiveNames.has(directive.name.value);

/** Builds the document; `hidden` is asked for at the end of the result path. */
export function buildExecutableDocument(
  declaration: Declaration,
  schema: GraphQLSchema,
  hidden: HiddenFields | undefined,
): DocumentNode {
  const { operation, fragments } = declaration;
  const used = [...spreadFragments(operation, fragments)].map((name) => fragments.get(name)!);
  const definitions: DefinitionNode[] = [operation, ...used];
  const types = new TypeInfo(schema);
  const stripped = visit(
    { kind: Kind.DOCUMENT, definitions } as DocumentNode,
    visitWithTypeInfo(types, {
      Directive: (node) => (isOurs(node) ? null : undefined),
      StringValue: (node, key) => (key === 'description' ? null : node),
      SelectionSet: {
        leave(node) {
          const type = types.getParentType();
          if (!isAbstractType(type ? getNamedType(type) : undefined)) return undefined;
          return { ...node, selections: [fieldNode('__typename'), ...node.selections] };
        },
      },
    }),
  );
  if (!hidden || hidden.fields.length === 0) return stripped;
  const extra = hiddenSelections(hidden.fields, hidden.type, hidden.isAbstract);
  return {
    ...stripped,
    definitions: stripped.definitions.map((definition) => {
      if (definition.kind !== Kind.OPERATION_DEFINITION) return definition;
      const [root] = definition.selectionSet.selections;
      if (root?.kind !== Kind.FIELD) return definition;
      const path = declaration.resultPath.slice(1);
      return { ...definition, selectionSet: selectionSet([addAt(root, path, extra, declaration)]) };
    }),
  };
}
