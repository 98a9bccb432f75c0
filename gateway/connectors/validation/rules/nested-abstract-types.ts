/** An interface or union below the connector's own result: works here, not in Apollo Router (3.8, 11.4). */
import { objectShapes, shapeOfMapping } from '../../mapping/shape.ts';
import { namedTypeOf } from '../../spec/schema-index.ts';
import { reportNotPortable } from '../not-portable.ts';
import type { Rule } from '../rule.ts';
import { walkShape } from '../walk-shape.ts';
import { outputType } from './selected-fields.ts';

export const nestedAbstractTypes: Rule = ({ connectors, schema, link }, faults, settings) => {
  if (!link.isV04) return;
  for (const connector of connectors) {
    const { selection } = connector;
    const output = outputType(connector, schema);
    if (!selection || !schema.isComposite(output)) continue;
    const reported = new Set<number>();
    walkShape(shapeOfMapping(selection.tree), output, schema, {
      onField(type, name, entry, shape, span) {
        const inner = entry && namedTypeOf(entry.type);
        if (inner === undefined || !schema.isAbstract(inner)) return;
        if (objectShapes(shape).length === 0 || reported.has(span.start)) return;
        reported.add(span.start);
        const message = `${type.name}.${name} is of the abstract type ${inner}, inside another selection`;
        const place = { node: selection.node, span };
        reportNotPortable(faults, settings, 'GROUP_SELECTION_IS_NOT_OBJECT', message, place);
      },
    });
  }
};
