/** The same type twice along a selection path: filled lazily here, refused by Apollo (3.7). */
import { objectShapes, shapeOfMapping, typenameOf, type Shape } from '../../mapping/shape.ts';
import { namedTypeOf } from '../../spec/schema-index.ts';
import { reportNotPortable } from '../not-portable.ts';
import { argumentPlace, placeOf } from '../places.ts';
import type { Rule } from '../rule.ts';
import { outputType } from './selected-fields.ts';

const apolloCode = 'CIRCULAR_REFERENCE';

export const circularTypes: Rule = ({ connectors, schema }, faults, settings) => {
  for (const connector of connectors) {
    const { selection, typeName, fieldName } = connector;
    const output = outputType(connector, schema);
    if (!selection || !schema.isComposite(output)) continue;
    const isNested = fieldName !== undefined && !schema.isRoot(typeName);
    if (isNested && output === typeName) {
      const message = `${placeOf(connector)} leads from ${typeName} to ${typeName}`;
      reportNotPortable(faults, settings, apolloCode, message, argumentPlace(connector, 'selection'));
      continue;
    }
    const reported = new Set<number>();
    const visit = (shape: Shape, name: string, above: ReadonlySet<string>): void => {
      for (const object of objectShapes(shape)) {
        const type = schema.types.get(typenameOf(object) ?? name);
        for (const [key, { shape: inner, start, end }] of object.fields) {
          const entry = type?.fields.get(key);
          const next = entry && namedTypeOf(entry.type);
          if (next === undefined || !schema.isComposite(next)) continue;
          if (!above.has(next)) visit(inner, next, new Set([...above, next]));
          else if (!reported.has(start)) {
            reported.add(start);
            const message = `${type!.name}.${key} leads back to ${next}`;
            reportNotPortable(faults, settings, apolloCode, message, { node: selection.node, span: { start, end } });
          }
        }
      }
    };
    visit(shapeOfMapping(selection.tree), output, new Set(isNested ? [typeName, output] : [output]));
  }
};
