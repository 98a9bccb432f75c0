/**
 * Lowers a connectors file to plain federation SDL (connectors.md 6.3, 11.6 rule 1): without `@source`, `@connect`, the
 * connect link, Tributary's directives and all their definitions, with the keys that the connectors imply.
 */
import {
  Kind,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
} from 'graphql';
import type { Connector } from '../spec/connector.ts';
import type { DeclaredSubgraph } from '../spec/declared-subgraph.ts';
import { coversKeySet, equalsKeySet, printKeySet, readKeySet, type KeySet } from '../spec/key-set.ts';
import { argumentOf, stringOf, type ConnectLink } from '../spec/link.ts';
import { mayProvide } from '../mapping/shape.ts';
import type { TypeEntry } from '../spec/schema-index.ts';

export function lowerDocument(subgraph: DeclaredSubgraph, connectors: readonly Connector[]): DocumentNode {
  const keys = impliedKeys(subgraph, connectors);
  const definitions = subgraph.document.definitions.flatMap((definition) => {
    if (isOwnDefinition(definition, subgraph.link)) return [];
    const lowered = lowerDefinition(definition, subgraph.link);
    return isEmptySchemaExtension(lowered) ? [] : [addKeys(lowered, keys, subgraph.keyDirective)];
  });
  return { ...subgraph.document, definitions };
}

/** The explicit keys of a type. */
export const explicitKeys = (
  type: TypeEntry | undefined,
  keyDirective: string,
): { keys: KeySet; directive: ConstDirectiveNode }[] =>
  (type?.directives ?? []).flatMap((directive) => {
    if (directive.name.value !== keyDirective) return [];
    const keys = readKeySet(stringOf(argumentOf(directive, 'fields')) ?? '');
    return keys ? [{ keys, directive }] : [];
  });

const isConnectDirective = (name: string, link: ConnectLink): boolean =>
  name === link.connect || name === link.source || name.startsWith('tributary');

function isOwnDefinition(definition: DefinitionNode, link: ConnectLink): boolean {
  if (definition.kind === Kind.DIRECTIVE_DEFINITION) return isConnectDirective(definition.name.value, link);
  const isInput =
    definition.kind === Kind.SCALAR_TYPE_DEFINITION || definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION;
  return isInput && link.isOwnDefinition(definition.name.value);
}

function isKept(directive: ConstDirectiveNode, link: ConnectLink): boolean {
  const name = directive.name.value;
  if (name !== 'link') return !isConnectDirective(name, link);
  return !stringOf(argumentOf(directive, 'url'))?.startsWith('https://specs.apollo.dev/connect/');
}

function lowerDefinition(definition: DefinitionNode, link: ConnectLink): DefinitionNode {
  if (!('directives' in definition)) return definition;
  const directives = (definition.directives as readonly ConstDirectiveNode[] | undefined)?.filter((d) =>
    isKept(d, link),
  );
  const fields =
    'fields' in definition && definition.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION
      ? (definition.fields as readonly FieldDefinitionNode[]).map((field) => ({
          ...field,
          directives: field.directives?.filter((directive) => isKept(directive, link)),
        }))
      : undefined;
  return { ...definition, directives, ...(fields ? { fields } : {}) } as DefinitionNode;
}

const isEmptySchemaExtension = (definition: DefinitionNode): boolean =>
  definition.kind === Kind.SCHEMA_EXTENSION &&
  (definition.directives ?? []).length === 0 &&
  (definition.operationTypes ?? []).length === 0;

/** A key goes to the first declaration of its type. */
function addKeys(definition: DefinitionNode, keys: Map<string, KeySet[]>, keyDirective: string): DefinitionNode {
  const isType =
    definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
    definition.kind === Kind.OBJECT_TYPE_EXTENSION ||
    definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
  const added = isType ? keys.get(definition.name.value) : undefined;
  if (!isType || !added) return definition;
  keys.delete(definition.name.value);
  const directives = added.map((keySet) => keyNode(keyDirective, printKeySet(keySet)));
  return { ...definition, directives: [...(definition.directives ?? []), ...directives] };
}

const keyNode = (name: string, fields: string): ConstDirectiveNode => ({
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: name },
  arguments: [
    { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'fields' }, value: { kind: Kind.STRING, value: fields } },
  ],
});

/** The inferred keys that are not written yet and from which every field of their type can be reached. */
function impliedKeys(subgraph: DeclaredSubgraph, connectors: readonly Connector[]): Map<string, KeySet[]> {
  const added = new Map<string, KeySet[]>();
  for (const { entityType, keys } of connectors) {
    const type = entityType === undefined ? undefined : subgraph.schema.types.get(entityType);
    if (!type || keys.size === 0) continue;
    const known = [
      ...explicitKeys(type, subgraph.keyDirective).map((key) => key.keys),
      ...(added.get(type.name) ?? []),
    ];
    if (known.some((other) => equalsKeySet(other, keys)) || !reachesAll(type, keys, connectors)) continue;
    added.set(type.name, [...(added.get(type.name) ?? []), keys]);
  }
  return added;
}

/** Whether the connectors of a type, asked again and again, give all its fields from this key. */
function reachesAll(type: TypeEntry, keys: KeySet, connectors: readonly Connector[]): boolean {
  const reached = new Map(keys);
  const all = [...type.fields.values()].filter(
    ({ directives }) => !directives.some((d) => d.name.value === 'external'),
  );
  for (let before = -1; before < reached.size;) {
    before = reached.size;
    for (const connector of connectors) {
      if (!coversKeySet(reached, connector.keys)) continue;
      if (connector.kind === 'field' && connector.typeName === type.name) reached.set(connector.fieldName!, new Map());
      if (connector.entityType !== type.name) continue;
      for (const { name } of all)
        if (!reached.has(name) && mayProvide(connector.shape, name)) reached.set(name, new Map());
    }
  }
  return all.every(({ name }) => reached.has(name));
}
