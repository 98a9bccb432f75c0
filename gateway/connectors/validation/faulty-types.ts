/** The types that checks over the whole schema leave out, because a connector that did not parse may fill them (4). */
import type { DeclaredSubgraph } from '../spec/declared-subgraph.ts';
import { namedTypeOf, type SchemaIndex } from '../spec/schema-index.ts';
import { outputType } from './rules/selected-fields.ts';

export function faultyTypes({ connectors, schema }: DeclaredSubgraph): ReadonlySet<string> {
  const touched = new Set<string>();
  for (const connector of connectors) {
    if (!connector.isFaulty) continue;
    if (!schema.isRoot(connector.typeName)) touched.add(connector.typeName);
    addReachable(outputType(connector, schema), schema, touched);
  }
  return touched;
}

/** A type and everything that can be reached through its fields. */
export function addReachable(typeName: string, schema: SchemaIndex, reached: Set<string>): void {
  for (const name of schema.possibleTypes(typeName)) {
    const type = schema.types.get(name);
    if (!type || type.kind !== 'object' || reached.has(name)) continue;
    reached.add(name);
    for (const field of type.fields.values()) addReachable(namedTypeOf(field.type), schema, reached);
  }
}
