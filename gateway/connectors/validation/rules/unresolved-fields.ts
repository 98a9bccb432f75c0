/** Every field of every object needs a source: a selection, a connector of its own, or a key (11.5). */
import { shapeOfMapping } from '../../mapping/shape.ts';
import { explicitKeys } from '../../runtime/lower.ts';
import { connectionShape } from '../../spec/connection-shape.ts';
import { entityTypeOf, inferKeys } from '../../spec/build-connectors.ts';
import type { DeclaredSubgraph } from '../../spec/declared-subgraph.ts';
import type { KeySet } from '../../spec/key-set.ts';
import { namedTypeOf, type SchemaIndex } from '../../spec/schema-index.ts';
import { addReachable, faultyTypes } from '../faulty-types.ts';
import type { Rule } from '../rule.ts';
import { walkShape } from '../walk-shape.ts';
import { outputType } from './selected-fields.ts';

export const unresolvedFields: Rule = (subgraph, faults) => {
  const { schema } = subgraph;
  const skipped = faultyTypes(subgraph);
  const resolved = resolvedFields(subgraph);
  for (const type of schema.types.values()) {
    if (type.kind !== 'object' || skipped.has(type.name)) continue;
    for (const { name, node, directives } of type.fields.values()) {
      if (resolved.has(`${type.name}.${name}`)) continue;
      if (directives.some((directive) => directive.name.value.endsWith('external'))) continue;
      const hint = 'Select it in a connector, or give it a @connect of its own';
      faults.report('CONNECTORS_UNRESOLVED_FIELD', `No connector gives ${type.name}.${name}`, node.name, hint);
    }
  }
};

function resolvedFields(subgraph: DeclaredSubgraph): Set<string> {
  const { schema, connectors, keyDirective } = subgraph;
  const resolved = new Set<string>();
  for (const connector of connectors) {
    if (connector.fieldName !== undefined) resolved.add(`${connector.typeName}.${connector.fieldName}`);
    const entityType = entityTypeOf(connector, subgraph);
    if (entityType !== undefined) addKeyFields(entityType, inferKeys(connector), schema, resolved);
    const output = outputType(connector, schema);
    if (!connector.selection || !schema.isComposite(output)) continue;
    const shape = shapeOfMapping(connector.selection.tree);
    walkShape(connector.page ? connectionShape(shape) : shape, output, schema, {
      onField: (type, name) => void resolved.add(`${type.name}.${name}`),
      onOpen: (type) => addAllFields(type.name, schema, resolved),
    });
  }
  for (const type of schema.types.values()) {
    for (const { keys } of explicitKeys(type, keyDirective)) addKeyFields(type.name, keys, schema, resolved);
  }
  return resolved;
}

function addKeyFields(typeName: string, keys: KeySet, schema: SchemaIndex, resolved: Set<string>): void {
  for (const [name, inner] of keys) {
    resolved.add(`${typeName}.${name}`);
    const field = schema.types.get(typeName)?.fields.get(name);
    if (field) addKeyFields(namedTypeOf(field.type), inner, schema, resolved);
  }
}

function addAllFields(typeName: string, schema: SchemaIndex, resolved: Set<string>): void {
  const reached = new Set<string>();
  addReachable(typeName, schema, reached);
  for (const name of reached) {
    for (const field of schema.types.get(name)!.fields.keys()) resolved.add(`${name}.${field}`);
  }
}
