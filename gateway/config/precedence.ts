/**
 * Defaults < file < environment < flags (experience.md, section 10). `TRIBUTARY_SERVER__PORT=4000` sets `server.port`: the
 * path in capitals, with two underscores between its names; a single one, a dash or a dot inside a name may be left out.
 */
import { didYouMean } from '../errors/did-you-mean.ts';
import type { Fault } from '../errors/fault.ts';
import { optionAt, type OptionSchema } from './editor-schema.ts';
import { readScalar } from './settings-file.ts';
import type { Environment } from './variables.ts';

export interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
  /** "environment variable TRIBUTARY_SERVER__PORT", "flag server.port". */
  readonly origin: string;
}

const prefix = 'TRIBUTARY_';

const fold = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Settings given by the environment; a name that leads nowhere is a warning, because other programs may own it. */
export function readEnvironmentOverrides(
  environment: Environment,
  fileValues: unknown,
  schema: OptionSchema,
): { overrides: readonly Override[]; warnings: readonly Fault[] } {
  const overrides: Override[] = [];
  const warnings: Fault[] = [];
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || text === undefined) continue;
    const result = findPath(variable.slice(prefix.length).split('__'), fileValues, schema);
    if (result.kind === 'found') {
      overrides.push({ path: result.path, value: readScalar(text), origin: `environment variable ${variable}` });
    } else if (variable.includes('__')) warnings.push(describeUnknown(variable, result));
  }
  return { overrides, warnings };
}

/** Variables that Apollo Router knows: below the settings file, unlike our own (connectors.md 14.1, 14.4). */
const apolloVariables: Readonly<Record<string, readonly string[]>> = {
  APOLLO_CONNECTORS_DEBUGGING: ['connectors', 'debug_extensions'],
  APOLLO_CONNECTORS_MAX_REQUESTS_PER_OPERATION: ['connectors', 'max_requests_per_operation_per_source'],
  APOLLO_EXPOSE_QUERY_PLAN: ['debug', 'queryPlan'],
};

/** What Apollo Router's variables set and the file does not. */
export function readApolloOverrides(environment: Environment, fileValues: unknown): Override[] {
  return Object.entries(apolloVariables).flatMap(([variable, path]) => {
    const text = environment[variable];
    const isWritten = path.reduce<unknown>((value, name) => memberOf(value, name), fileValues) !== undefined;
    if (text === undefined || text === '' || isWritten) return [];
    return [{ path, value: readScalar(text), origin: `environment variable ${variable}` }];
  });
}

/** Settings given by flags of the command line, by their path in the file. */
export function readFlagOverrides(flags: Readonly<Record<string, unknown>>): Override[] {
  return Object.entries(flags)
    .filter(([, value]) => value !== undefined)
    .map(([path, value]) => ({
      path: path.split('.'),
      value: typeof value === 'string' ? readScalar(value) : value,
      origin: `flag ${path}`,
    }));
}

type Search =
  | { readonly kind: 'found'; readonly path: readonly string[] }
  | { readonly kind: 'lost'; readonly segment: string; readonly names: readonly string[] };

function findPath(segments: readonly string[], fileValues: unknown, schema: OptionSchema): Search {
  const path: string[] = [];
  let values = fileValues;
  for (const segment of segments) {
    const names = namesBelow(path, values, schema);
    const name = names.find((candidate) => fold(candidate) === fold(segment));
    if (name === undefined) return { kind: 'lost', segment, names };
    path.push(name);
    values = memberOf(values, name);
  }
  return { kind: 'found', path };
}

/** Names of options, and where the user names the entries, the names in the file. */
function namesBelow(path: readonly string[], values: unknown, schema: OptionSchema): string[] {
  const option = optionAt(path, schema);
  const own = typeof option?.additionalProperties === 'object' && isRecord(values) ? Object.keys(values) : [];
  return [...Object.keys(option?.properties ?? {}), ...own];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const memberOf = (values: unknown, name: string): unknown => (isRecord(values) ? values[name] : undefined);

function describeUnknown(variable: string, { segment, names }: Extract<Search, { kind: 'lost' }>): Fault {
  const inCapitals = names.map((name) => name.toUpperCase());
  const hint = didYouMean(segment, inCapitals);
  return {
    code: 'CONFIG_UNKNOWN_OPTION',
    severity: 'warning',
    message: `Environment variable "${variable}" sets no option: "${segment}" is not known`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** A copy of the values with the overrides on top, the later ones last. */
export function applyOverrides(values: unknown, overrides: readonly Override[]): unknown {
  return overrides.reduce<unknown>(
    (result, { path, value }) => withValueAt(result, path, value),
    isRecord(values) ? values : {},
  );
}

function withValueAt(values: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const object = isRecord(values) ? values : {};
  return { ...object, [name]: withValueAt(memberOf(object, name), rest, value) };
}
