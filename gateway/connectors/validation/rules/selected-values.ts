/**
 * A value that is certain not to fit the type of its field (13.2): a list where one value belongs, a text in a Boolean, a
 * word that is no value of the enum. It would be null, or an error, in every answer.
 */
import { Kind, type TypeNode } from 'graphql';
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { shapeOfMapping } from '../../mapping/shape.ts';
import type { ConnectDeclaration } from '../../spec/connector.ts';
import type { FaultSink } from '../../spec/fault-sink.ts';
import { namedTypeOf, type SchemaIndex } from '../../spec/schema-index.ts';
import { placeOf } from '../places.ts';
import { possibleResults, resultsOf, withArticle, type PossibleResult } from '../possible-results.ts';
import type { Rule } from '../rule.ts';
import { walkShape } from '../walk-shape.ts';
import { outputType } from './selected-fields.ts';

export const selectedValues: Rule = ({ connectors, schema, link }, faults) => {
  for (const connector of connectors) checkConnector(connector, schema, faults, link.isV04);
};

/** Apollo checks values from v0.4 on: files of older versions that run there get a warning here. */
function checkConnector(connector: ConnectDeclaration, schema: SchemaIndex, faults: FaultSink, isError: boolean): void {
  const { selection, typeName, fieldName } = connector;
  if (!selection) return;
  const reported = new Set<string>();
  const check = (results: readonly PossibleResult[], type: TypeNode, what: string): void => {
    for (const result of results) {
      const reason = whyNot(result, type, schema);
      const id = `${result.start} ${result.end}`;
      if (!reason || reported.has(id)) continue;
      reported.add(id);
      const message = `${what} ${reason.text}`;
      if (isError) faults.reportInString('INVALID_SELECTION', message, selection.node, result, reason.hint);
      else faults.warnInString('INVALID_SELECTION', message, selection.node, result, reason.hint);
    }
  };
  const field = fieldName === undefined ? undefined : schema.types.get(typeName)?.fields.get(fieldName);
  if (field) check(possibleResults(selection.tree), field.type, placeOf(connector));
  const output = outputType(connector, schema);
  if (!schema.isComposite(output)) return;
  walkShape(shapeOfMapping(selection.tree), output, schema, {
    onField(type, name, entry, _shape, _span, value) {
      if (entry && value) check(resultsOf(value), entry.type, `${type.name}.${name}`);
    },
  });
}

interface Reason {
  readonly text: string;
  readonly hint?: string | undefined;
}

/** Undefined when it fits, or when nobody can tell. */
function whyNot(result: PossibleResult, type: TypeNode, schema: SchemaIndex): Reason | undefined {
  if (type.kind === Kind.NON_NULL_TYPE) return whyNot(result, type.type, schema);
  const { kind } = result;
  // Objects have rules of their own (GROUP_SELECTION_…), and null fits wherever it is allowed
  if (kind === 'null' || kind === 'object') return undefined;
  if (type.kind === Kind.LIST_TYPE) {
    if (kind === 'list') return undefined;
    return { text: `is a list, and this gives ${withArticle(kind)}`, hint: 'Put it in brackets: $([…])' };
  }
  const name = namedTypeOf(type);
  if (kind === 'list') {
    const isOpen = schema.types.get(name)?.kind === 'scalar' && !(name in fits);
    const hint = 'Take one of it, for example ->first, or join a list of texts with ->joinNotNull(", ")';
    return isOpen ? undefined : { text: `is of type ${name}, and this gives a list`, hint };
  }
  const entry = schema.types.get(name);
  if (entry?.kind === 'enum') return whyNotEnum(result, name, entry.values);
  const doesFit = fits[name];
  if (!doesFit || doesFit(result)) return undefined;
  const given = result.literal === undefined ? withArticle(kind) : `${kind} ${JSON.stringify(String(result.literal))}`;
  return { text: `is of type ${name}, and this gives ${given}` };
}

function whyNotEnum({ kind, literal }: PossibleResult, name: string, values: readonly string[]): Reason | undefined {
  if (kind !== 'string') return { text: `is of enum ${name}, and this gives ${withArticle(kind)}` };
  if (typeof literal !== 'string' || values.includes(literal)) return undefined;
  return { text: `is of enum ${name}, which has no value "${literal}"`, hint: didYouMean(literal, values) };
}

const isNumeric = ({ kind, literal }: PossibleResult): boolean =>
  kind !== 'string' || typeof literal !== 'string' || (literal.trim() !== '' && Number.isFinite(Number(literal)));

const isWhole = ({ literal }: PossibleResult): boolean => typeof literal !== 'number' || Number.isInteger(literal);

/** What graphql-js can write as the built-in scalars; a text may be of digits. */
const fits: Readonly<Record<string, (result: PossibleResult) => boolean>> = {
  String: () => true,
  ID: (result) => result.kind !== 'boolean' && isWhole(result),
  Int: (result) => isNumeric(result) && isWhole(result),
  Float: isNumeric,
  Boolean: ({ kind }) => kind !== 'string',
};
