/** What a selection writes must be in the schema, as object where the schema has one, as scalar where not (13.1). */
import { didYouMean } from '../../../errors/did-you-mean.ts';
import type { Span } from '../../mapping/ast.ts';
import { objectShapes, shapeOfMapping, type Shape } from '../../mapping/shape.ts';
import type { ConnectDeclaration } from '../../spec/connector.ts';
import type { FaultSink } from '../../spec/fault-sink.ts';
import { namedTypeOf, type SchemaIndex } from '../../spec/schema-index.ts';
import type { Rule } from '../rule.ts';
import { lacksGroup, walkShape } from '../walk-shape.ts';

/** The type a connector's selection gives. */
export function outputType({ typeName, fieldName }: ConnectDeclaration, schema: SchemaIndex): string {
  const field = fieldName === undefined ? undefined : schema.types.get(typeName)?.fields.get(fieldName);
  return field ? namedTypeOf(field.type) : typeName;
}

export const selectedFields: Rule = ({ connectors, schema }, faults) => {
  for (const connector of connectors) checkSelection(connector, schema, faults);
};

function checkSelection(connector: ConnectDeclaration, schema: SchemaIndex, faults: FaultSink): void {
  const { selection } = connector;
  if (!selection) return;
  const reported = new Set<string>();
  // Alternatives of a `->match` share their common fields: each is reported once
  const report = (code: string, message: string, span: Span, hint?: string): void => {
    const id = `${code} ${span.start}`;
    if (!reported.has(id)) faults.reportInString(code, message, selection.node, span, hint);
    reported.add(id);
  };
  const checkGroup = (shape: Shape, typeName: string, what: string, span: Span): void => {
    if (!schema.types.has(typeName)) return;
    if (!schema.isComposite(typeName)) {
      if (objectShapes(shape).length === 0) return;
      const message = `${what} is of type ${typeName}, which has no fields to select`;
      report('GROUP_SELECTION_IS_NOT_OBJECT', message, span, 'Give one value, for example $.field');
    } else if (lacksGroup(shape)) {
      const message = `${what} is of type ${typeName}, so its fields must be selected`;
      report('GROUP_SELECTION_REQUIRED_FOR_OBJECT', message, span, 'Write { … } behind it');
    }
  };
  const shape = shapeOfMapping(selection.tree);
  const typeName = outputType(connector, schema);
  const place = connector.fieldName === undefined ? connector.typeName : `${connector.typeName}.${connector.fieldName}`;
  checkGroup(shape, typeName, place, { start: 0, end: selection.node.value.trimEnd().length });
  if (!schema.isComposite(typeName)) return;
  walkShape(shape, typeName, schema, {
    onField(type, name, entry, field, span) {
      if (entry) checkGroup(field, namedTypeOf(entry.type), `${type.name}.${name}`, span);
      else
        report(
          'SELECTED_FIELD_NOT_FOUND',
          `${type.name} has no field "${name}"`,
          span,
          didYouMean(name, type.fields.keys()),
        );
    },
    onUnknownType(typename, possible, span) {
      report('MISSING_SCHEMA_TYPE', `"${typename}" is no possible type here`, span, didYouMean(typename, possible));
    },
  });
}
