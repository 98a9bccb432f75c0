/**
 * Every resolvable `@key` needs somebody who resolves it (11.1): a connector on the type, one with `entity: true`, or
 * connectors on its fields that read nothing of it but the key and fields required from other subgraphs.
 */
import { explicitKeys } from '../../runtime/lower.ts';
import { entityTypeOf, inferKeys } from '../../spec/build-connectors.ts';
import { coversKeySet, printKeySet, type KeySet } from '../../spec/key-set.ts';
import { argumentOf } from '../../spec/link.ts';
import { faultyTypes } from '../faulty-types.ts';
import type { TypeEntry } from '../../spec/schema-index.ts';
import type { Rule } from '../rule.ts';

export const entityConnectors: Rule = (subgraph, faults) => {
  const { schema, connectors, keyDirective } = subgraph;
  const skipped = faultyTypes(subgraph);
  for (const type of schema.types.values()) {
    if (type.kind !== 'object' || skipped.has(type.name)) continue;
    for (const { keys, directive } of explicitKeys(type, keyDirective)) {
      const resolvable = argumentOf(directive, 'resolvable');
      if (resolvable?.kind === 'BooleanValue' && !resolvable.value) continue;
      const isServed = connectors.some((connector) => {
        const needed = inferKeys(connector);
        if (needed.size === 0) return false;
        if (connector.kind === 'field') {
          return connector.typeName === type.name && coversKeySet(keys, withoutExternal(needed, type));
        }
        const entityType = entityTypeOf(connector, subgraph);
        return (
          entityType !== undefined && schema.possibleTypes(entityType).includes(type.name) && coversKeySet(keys, needed)
        );
      });
      if (isServed) continue;
      const message = `No connector answers ${type.name} by its key "${printKeySet(keys)}"`;
      const hint = 'Add @connect to the type, or entity: true to a Query connector, or say resolvable: false';
      faults.report('MISSING_ENTITY_CONNECTOR', message, directive, hint);
    }
  }
};

/** Fields required from other subgraphs come with the representation. */
function withoutExternal(keys: KeySet, type: TypeEntry): KeySet {
  const isExternal = (name: string): boolean =>
    type.fields.get(name)?.directives.some((directive) => directive.name.value.endsWith('external')) ?? false;
  return new Map([...keys].filter(([name]) => !isExternal(name)));
}
