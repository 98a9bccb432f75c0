/** A field with arguments that another connector's selection fills: the value is used whatever they are (3.7). */
import { shapeOfMapping } from '../../mapping/shape.ts';
import { reportNotPortable } from '../not-portable.ts';
import type { Rule } from '../rule.ts';
import { walkShape } from '../walk-shape.ts';
import { outputType } from './selected-fields.ts';

export const mappedArguments: Rule = ({ connectors, schema }, faults, settings) => {
  for (const connector of connectors) {
    const { selection } = connector;
    const output = outputType(connector, schema);
    if (!selection || !schema.isComposite(output)) continue;
    const reported = new Set<number>();
    walkShape(shapeOfMapping(selection.tree), output, schema, {
      onField(type, name, entry, _shape, span) {
        if (!entry || entry.args.length === 0 || reported.has(span.start)) return;
        reported.add(span.start);
        const message = `${type.name}.${name} has arguments, and a selection fills it whatever they are`;
        const place = { node: selection.node, span };
        reportNotPortable(faults, settings, 'CONNECTORS_FIELD_WITH_ARGUMENTS', message, place);
      },
    });
  }
};
