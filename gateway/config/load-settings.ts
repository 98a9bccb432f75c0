/**
 * Settings file, environment and flags to checked settings, or every fault at once with its place (experience.md,
 * section 10).
 */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { describeError } from '../errors/catalogue.ts';
import { FaultsError, sortFaults, type Fault } from '../errors/fault.ts';
import { findContradictions } from './contradictions.ts';
import { describeIssue, describeMissingVariable, type FaultContext } from './describe-faults.ts';
import { buildOptionSchema } from './editor-schema.ts';
import { applyOverrides, readApolloOverrides, readEnvironmentOverrides, readFlagOverrides } from './precedence.ts';
import { resolveSettings, type Settings } from './resolve-settings.ts';
import { readSettingsFile, type Path } from './settings-file.ts';
import { readTelemetryOverrides } from './telemetry-variables.ts';
import { settingsSchema } from './settings-schema.ts';
import type { Environment } from './variables.ts';

export interface LoadSettingsOptions {
  /** The settings file; paths in it are relative to its folder. */
  readonly file: string;
  readonly env: Environment;
  /** By path in the file, such as `server.port`. */
  readonly flags?: Readonly<Record<string, unknown>>;
}

export interface LoadedSettings {
  readonly settings: Settings;
  /** Absolute path of the file that was read. */
  readonly file: string;
  readonly warnings: readonly Fault[];
  /** File names to texts, for code frames. */
  readonly sources: ReadonlyMap<string, string>;
  /** The environment with the `.env` file beside the settings below it. */
  readonly env: Environment;
  /** For each path that environment or flags set, by what. */
  readonly origins: ReadonlyMap<string, string>;
}

/** Throws FaultsError with every fault found. */
export function loadSettings({ file, env, flags = {} }: LoadSettingsOptions): LoadedSettings {
  const path = resolve(file);
  const text = readText(path);
  if (text === undefined) {
    const message = describeError('CONFIG_NOT_FOUND', { file });
    throw new FaultsError([{ code: 'CONFIG_NOT_FOUND', severity: 'error', message, hint: notFoundHint }]);
  }
  const environment = { ...parseEnv(readText(join(dirname(path), '.env')) ?? ''), ...env };
  const settingsFile = readSettingsFile(file, text, environment);
  const sources = new Map([[file, text]]);
  if (settingsFile.syntaxFaults.length > 0) throw new FaultsError(sortFaults(settingsFile.syntaxFaults), sources);

  const schema = buildOptionSchema();
  const fromEnvironment = readEnvironmentOverrides(environment, settingsFile.values, schema);
  const fromApollo = readApolloOverrides(environment, settingsFile.values);
  const fromTelemetry = readTelemetryOverrides(environment, settingsFile.values);
  const overrides = [...fromApollo, ...fromTelemetry, ...fromEnvironment.overrides, ...readFlagOverrides(flags)];
  const values = applyOverrides(settingsFile.values, overrides);
  const { settings, faults } = check({ file: settingsFile, schema, overrides, values }, dirname(path));
  if (settings === undefined || faults.length > 0) throw new FaultsError(sortFaults(faults), sources);
  return {
    settings,
    file: path,
    warnings: fromEnvironment.warnings,
    sources,
    env: environment,
    origins: new Map(overrides.map((override) => [override.path.join('.'), override.origin])),
  };
}

const notFoundHint = 'Name the file with --config, or run the command in the folder that holds tributary.yaml';

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function check(context: FaultContext, folder: string): { settings: Settings | undefined; faults: readonly Fault[] } {
  const { file, values } = context;
  const variableFaults = file.missingVariables.map(({ name, range }) => describeMissingVariable(name, range));
  const result = settingsSchema.safeParse(values);
  if (result.success) {
    const settings = resolveSettings(result.data, folder, (path) => file.rangeOfName(path));
    return { settings, faults: [...variableFaults, ...findContradictions(settings, file)] };
  }
  const { issues } = result.error;
  const isKnown = (path: Path) => file.missingVariables.some((missing) => isSamePath(missing.path, path));
  const faults = issues.filter((issue) => !isKnown(issue.path)).flatMap((issue) => describeIssue(issue, context));
  return { settings: undefined, faults: [...variableFaults, ...faults, ...contradictionsOfRest(context, folder)] };
}

const isSamePath = (a: Path, b: Path) => a.length === b.length && a.every((name, index) => name === b[index]);

/** Contradictions among what is left once the faulty values are taken out, so that one run reports everything. */
function contradictionsOfRest({ file, values }: FaultContext, folder: string): Fault[] {
  const rest = structuredClone(values);
  const { error } = settingsSchema.safeParse(rest);
  for (const issue of error?.issues ?? []) {
    const parent = issue.code === 'unrecognized_keys' ? issue.path : issue.path.slice(0, -1);
    const names = issue.code === 'unrecognized_keys' ? issue.keys : issue.path.slice(-1);
    const holder = parent.reduce<unknown>((value, name) => (value as Record<PropertyKey, unknown>)?.[name], rest);
    if (typeof holder === 'object' && holder !== null) for (const name of names) Reflect.deleteProperty(holder, name);
  }
  const result = settingsSchema.safeParse(rest);
  return result.success
    ? findContradictions(
        resolveSettings(result.data, folder, (path) => file.rangeOfName(path)),
        file,
      )
    : [];
}
