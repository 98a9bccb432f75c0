/** `$args.x` must be an argument of the field, `$this.x` and `$batch.x` a field of the type (13.1). */
import { didYouMean } from '../../../errors/did-you-mean.ts';
import type { ConnectDeclaration } from '../../spec/connector.ts';
import {
  keyListMappings,
  pageMappings,
  referencesOf,
  requestMappings,
  responseMappings,
  selectionMappings,
  type PartReference,
} from '../../spec/part-references.ts';
import { namedTypeOf, type SchemaIndex } from '../../spec/schema-index.ts';
import type { FaultSink } from '../../spec/fault-sink.ts';
import { placeOf, reportInPart } from '../places.ts';
import type { Rule } from '../rule.ts';

export const variableFields: Rule = ({ connectors, schema }, faults) => {
  for (const connector of connectors) {
    const mappings = [
      ...requestMappings(connector),
      ...selectionMappings(connector),
      ...responseMappings(connector),
      ...(connector.keyList ? keyListMappings(connector.keyList) : []),
      ...(connector.page ? pageMappings(connector.page) : []),
    ];
    for (const part of referencesOf(mappings)) {
      if (part.reference.variable === '$args') checkArguments(connector, part, schema, faults);
      if (part.reference.variable === '$this' || part.reference.variable === '$batch') {
        const { keys } = part.reference;
        checkFields(connector.typeName, keys, part, schema, faults, { code: 'UNDEFINED_FIELD', what: 'field' });
      }
    }
  }
};

function checkArguments(
  connector: ConnectDeclaration,
  part: PartReference,
  schema: SchemaIndex,
  faults: FaultSink,
): void {
  const field = schema.types.get(connector.typeName)?.fields.get(connector.fieldName ?? '');
  const [first, ...rest] = part.reference.keys;
  if (!field || !first) return;
  const argument = field.args.find(({ name }) => name.value === first.key);
  const code = 'UNDEFINED_ARGUMENT';
  if (argument) {
    checkFields(namedTypeOf(argument.type), rest, part, schema, faults, { code, what: 'input field' });
    return;
  }
  const names = field.args.map(({ name }) => name.value);
  const message = `${placeOf(connector)} has no argument "${first.key}"`;
  reportInPart(faults, code, message, part, keySpan(first), didYouMean(first.key, names));
}

/** Follows keys through object and input types; what lies inside a scalar is not known. */
function checkFields(
  typeName: string,
  keys: PartReference['reference']['keys'],
  part: PartReference,
  schema: SchemaIndex,
  faults: FaultSink,
  { code, what }: { code: string; what: string },
): void {
  const type = schema.types.get(typeName);
  const [first, ...rest] = keys;
  if (!type || !first || !['object', 'interface', 'input'].includes(type.kind)) return;
  const field = type.fields.get(first.key);
  if (field) return checkFields(namedTypeOf(field.type), rest, part, schema, faults, { code, what });
  const hint = didYouMean(first.key, type.fields.keys());
  reportInPart(faults, code, `${typeName} has no ${what} "${first.key}"`, part, keySpan(first), hint);
}

/** A key step begins at its dot; the name is what is wrong. */
const keySpan = ({ key, start, end }: { key: string; start: number; end: number }) => ({
  start: Math.max(start, end - key.length),
  end,
});
