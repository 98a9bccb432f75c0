/** The items of a batch are found by their key, so the selection must give it at its top level (11.3). */
import { mayProvide, objectShapes, shapeOfMapping, type Shape } from '../../mapping/shape.ts';
import { inferKeys } from '../../spec/build-connectors.ts';
import type { Rule } from '../rule.ts';

export const batchKeys: Rule = ({ connectors }, faults) => {
  for (const connector of connectors) {
    const { kind, selection, typeName } = connector;
    if (kind !== 'batch' || !selection) continue;
    const shape = shapeOfMapping(selection.tree);
    for (const name of inferKeys(connector).keys()) {
      if (objectShapes(shape).length === 0 || mayProvide(shape, name)) continue;
      const holder = holderOf(shape, name);
      if (holder !== undefined) {
        const message = `The batch of ${typeName} asks by "${name}", but its selection gives it inside "${holder}" only`;
        const hint = `Write ${name}: ${holder}.${name}`;
        faults.report('CONNECTORS_NON_ROOT_BATCH_KEY', message, selection.node, hint);
        continue;
      }
      const message = `The batch of ${typeName} asks by "${name}", but its selection does not give it`;
      faults.report('CONNECTORS_BATCH_KEY_NOT_IN_SELECTION', message, selection.node, `Add ${name} to the selection`);
    }
  }
};

/** The field in which a key is hidden, at any depth: `data`, `data.book`. */
function holderOf(shape: Shape, name: string): string | undefined {
  for (const { fields } of objectShapes(shape)) {
    for (const [field, { shape: inner }] of fields) {
      if (objectShapes(inner).some((object) => object.fields.has(name))) return field;
      const deeper = holderOf(inner, name);
      if (deeper !== undefined) return `${field}.${deeper}`;
    }
  }
  return undefined;
}
