/**
 * Whatever gives an entity must give a key of it, when the rest of the entity is to be loaded by that key (11.1, 11.6).
 * Otherwise the fields that are not selected would be null for ever, without a word.
 */
import { objectShapes, shapeOfMapping, type ObjectShape } from '../../mapping/shape.ts';
import { explicitKeys } from '../../runtime/lower.ts';
import { entityTypeOf, inferKeys } from '../../spec/build-connectors.ts';
import type { ConnectDeclaration } from '../../spec/connector.ts';
import type { DeclaredSubgraph } from '../../spec/declared-subgraph.ts';
import { coversKeySet, printKeySet, type KeySet } from '../../spec/key-set.ts';
import { namedTypeOf, type TypeEntry } from '../../spec/schema-index.ts';
import { faultyTypes } from '../faulty-types.ts';
import { placeOf } from '../places.ts';
import type { Rule } from '../rule.ts';
import { walkShape } from '../walk-shape.ts';
import { outputType } from './selected-fields.ts';

export const reachableKeys: Rule = (subgraph, faults) => {
  const skipped = faultyTypes(subgraph);
  for (const connector of subgraph.connectors) {
    const { selection, kind } = connector;
    // What answers an entity was given its key
    if (!selection || kind === 'type' || kind === 'batch' || kind === 'entity') continue;
    const check = (type: TypeEntry, shape: ObjectShape, span: { start: number; end: number }): void => {
      const lost = skipped.has(type.name) ? undefined : findLost(type, shape, subgraph);
      if (!lost) return;
      const message = `${placeOf(connector)} gives ${type.name} without its key, so ${type.name}.${lost.field} cannot be loaded`;
      const hint = `Select ${printKeySet(lost.keys)} too`;
      faults.reportInString('CONNECTORS_CANNOT_RESOLVE_KEY', message, selection.node, span, hint);
    };
    const output = outputType(connector, subgraph.schema);
    if (!subgraph.schema.isComposite(output)) continue;
    const shape = shapeOfMapping(selection.tree);
    const whole = { start: 0, end: selection.node.value.trimEnd().length };
    const [only] = objectShapes(shape);
    const type = subgraph.schema.types.get(output);
    if (only && type?.kind === 'object' && objectShapes(shape).length === 1) check(type, only, whole);
    walkShape(shape, output, subgraph.schema, {
      onField(_type, _name, entry, field, span) {
        const inner = entry && subgraph.schema.types.get(namedTypeOf(entry.type));
        if (inner?.kind !== 'object') return;
        const [object, ...others] = objectShapes(field);
        if (object && others.length === 0) check(inner, object, span);
      },
    });
  }
};

/** The first field of a type that connectors by key would bring, but for want of a key never can. */
function findLost(
  type: TypeEntry,
  shape: ObjectShape,
  subgraph: DeclaredSubgraph,
): { field: string; keys: KeySet } | undefined {
  if (shape.isOpen) return undefined;
  const given: KeySet = keysOf(shape);
  if (explicitKeys(type, subgraph.keyDirective).some(({ keys }) => coversKeySet(given, keys))) return undefined;
  const keyed = subgraph.connectors.filter((connector) => answers(connector, type.name, subgraph));
  if (keyed.length === 0 || keyed.some((connector) => coversKeySet(given, inferKeys(connector)))) return undefined;
  const keys = inferKeys(keyed[0]!);
  const isExternal = (name: string): boolean =>
    type.fields.get(name)!.directives.some((directive) => directive.name.value.endsWith('external'));
  const field = [...type.fields.keys()].find((name) => !given.has(name) && !keys.has(name) && !isExternal(name));
  return field === undefined ? undefined : { field, keys };
}

const answers = (connector: ConnectDeclaration, typeName: string, subgraph: DeclaredSubgraph): boolean =>
  inferKeys(connector).size > 0 &&
  (connector.kind === 'field' ? connector.typeName : entityTypeOf(connector, subgraph)) === typeName;

/** What an object gives, as a key set, so that the two can be compared. */
function keysOf({ fields }: ObjectShape): KeySet {
  return new Map(
    [...fields].map(([name, { shape }]) => {
      const [object] = objectShapes(shape);
      return [name, object ? keysOf(object) : new Map()];
    }),
  );
}
