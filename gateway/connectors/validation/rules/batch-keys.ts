/** The items of a batch are found by their key, so the selection must give it at its top level (11.3). */
import { mayProvide, objectShapes, shapeOfMapping } from '../../mapping/shape.ts';
import { inferKeys } from '../../spec/build-connectors.ts';
import type { Rule } from '../rule.ts';

export const batchKeys: Rule = ({ connectors }, faults) => {
  for (const connector of connectors) {
    const { kind, selection, typeName } = connector;
    if (kind !== 'batch' || !selection) continue;
    const shape = shapeOfMapping(selection.tree);
    for (const name of inferKeys(connector).keys()) {
      if (objectShapes(shape).length === 0 || mayProvide(shape, name)) continue;
      const message = `The batch of ${typeName} asks by "${name}", but its selection does not give it`;
      faults.report('CONNECTORS_BATCH_KEY_NOT_IN_SELECTION', message, selection.node, `Add ${name} to the selection`);
    }
  }
};
