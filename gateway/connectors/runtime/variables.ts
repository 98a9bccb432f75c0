/** Builds the variables a connector refers to, and no others (connectors.md 7). */
import type { JsonValue } from '../../upstream/upstream-call.ts';
import { collectReferences } from '../mapping/references.ts';
import type { Maybe, ValueObject } from '../mapping/value.ts';
import type { Connector } from '../spec/connector.ts';
import {
  keyListMappings,
  pageMappings,
  requestMappings,
  responseMappings,
  selectionMappings,
  sharedRequestMappings,
  type PartMapping,
} from '../spec/part-references.ts';
import type { ConnectorContext } from './connector-context.ts';

/** What differs from call to call. */
export interface CallInput {
  readonly args?: ValueObject;
  readonly self?: ValueObject;
  readonly batch?: ValueObject[];
}

type MutableVariables = Record<string, Maybe>;
type VariableSetter = (variables: MutableVariables, input: CallInput, context: ConnectorContext) => void;

/** Settings of one source, as variables see them. */
export interface StaticVariables {
  readonly config: Readonly<Record<string, JsonValue>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `$config` and `$env`, for a base URL. */
export function staticVariables({ config, env }: StaticVariables): MutableVariables {
  const present = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { $config: config, $env: Object.fromEntries(present) };
}

/** Every mapping that runs when the connector does. */
export const allMappings = (connector: Connector): PartMapping[] => [
  ...requestMappings(connector),
  ...selectionMappings(connector),
  ...responseMappings(connector),
  ...(connector.keyList ? keyListMappings(connector.keyList) : []),
  ...(connector.page ? pageMappings(connector.page) : []),
  ...(connector.source ? [...sharedRequestMappings(connector.source), ...responseMappings(connector.source)] : []),
];

/** Prepares, once, what each call of the connector needs. */
export function prepareVariables(
  connector: Connector,
  statics: StaticVariables,
): (input: CallInput, context: ConnectorContext) => MutableVariables {
  const references = allMappings(connector).flatMap(({ tree }) => collectReferences(tree));
  const names = new Set(references.map(({ variable }) => variable));
  const headerNames = references
    .filter(({ variable, keys }) => variable === '$request' && keys[0]?.key === 'headers')
    .flatMap(({ keys }) => keys[1]?.key ?? []);
  const setters: VariableSetter[] = [];
  if (names.has('$args')) setters.push((variables, { args }) => void (variables['$args'] = args ?? {}));
  if (names.has('$this')) setters.push((variables, { self }) => void (variables['$this'] = self ?? {}));
  if (names.has('$batch')) setters.push((variables, { batch }) => void (variables['$batch'] = batch ?? []));
  if (names.has('$context')) {
    setters.push((variables, _input, { entries }) => void (variables['$context'] = entries as ValueObject));
  }
  if (names.has('$request')) {
    setters.push((variables, _input, { requestHeaders }) => {
      variables['$request'] = { headers: pickHeaders(requestHeaders, headerNames) };
    });
  }
  const fixed = staticVariables(statics);
  return (input, context) => {
    const variables: MutableVariables = { ...fixed };
    for (const set of setters) set(variables, input, context);
    return variables;
  };
}

/** The named headers that are there, each as the list of its values. */
export function pickHeaders(
  headers: Readonly<Record<string, readonly string[]>>,
  names: readonly string[],
): ValueObject {
  const present = names.filter((name) => Object.hasOwn(headers, name));
  return Object.fromEntries(present.map((name) => [name, [...headers[name]!]]));
}
