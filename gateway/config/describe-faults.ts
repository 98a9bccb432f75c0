/** What the check found, as faults with their places: zod says what and at which path, the file says where. */
import type { z } from 'zod';
import { describeError } from '../errors/catalogue.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import type { Fault, Range } from '../errors/fault.ts';
import { optionAt, type OptionSchema } from './editor-schema.ts';
import type { Override } from './precedence.ts';
import { routerHint } from './router-options.ts';
import type { Path, SettingsFile } from './settings-file.ts';

export interface FaultContext {
  readonly file: SettingsFile;
  readonly schema: OptionSchema;
  readonly overrides: readonly Override[];
  /** Everything together, as it was checked. */
  readonly values: unknown;
}

type Issue = z.core.$ZodIssue;

/** `connectors.sources["catalog.api"].override_url`. */
export function printPath(path: Path): string {
  return path
    .map((name) => {
      if (typeof name === 'number') return `[${name}]`;
      const text = String(name);
      return /^[\w$-]+$/.test(text) ? `.${text}` : `["${text}"]`;
    })
    .join('')
    .replace(/^\./, '');
}

/** Faults of one issue: as many as there are unknown names in it, else one. */
export function describeIssue(issue: Issue, context: FaultContext): Fault[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((name) => describeUnknownOption([...issue.path, name], context));
    case 'invalid_key':
      return [describeInvalidValue(issue.path, issue.issues[0]?.message ?? 'another name', context, true)];
    default:
      return [describeInvalidValue(issue.path, issue.message, context)];
  }
}

/** A variable that the file needs and nobody set. */
export function describeMissingVariable(name: string, range: Range): Fault {
  return {
    code: 'CONFIG_MISSING_VARIABLE',
    severity: 'error',
    message: describeError('CONFIG_MISSING_VARIABLE', { name }),
    range,
    hint: `Set it, or give it a fallback: \${${name}:-fallback}`,
  };
}

function describeUnknownOption(path: Path, context: FaultContext): Fault {
  const name = String(path.at(-1));
  const parent = path.slice(0, -1);
  const names = Object.keys(optionAt(parent, context.schema)?.properties ?? {});
  return {
    code: 'CONFIG_UNKNOWN_OPTION',
    severity: 'error',
    message: describeError('CONFIG_UNKNOWN_OPTION', { name, parent: printPath(parent) || context.file.file }),
    ...placeAndHint(
      path,
      routerHint(printPath(path)) ?? didYouMean(name, names),
      context,
      context.file.rangeOfName(path),
    ),
  };
}

function describeInvalidValue(path: Path, expected: string, context: FaultContext, isName = false): Fault {
  const value = valueAt(context.values, path);
  const actual = isName ? JSON.stringify(path.at(-1)) : printActual(value, context.file.writtenAt(path));
  const choices = optionAt(path, context.schema)?.enum?.filter((choice) => typeof choice === 'string') ?? [];
  const hint = typeof value === 'string' && choices.length > 1 ? didYouMean(value, choices) : undefined;
  const range = isName
    ? context.file.rangeOfName(path)
    : (context.file.rangeOf(path) ?? nearestRange(path, context.file));
  return {
    code: 'CONFIG_INVALID_VALUE',
    severity: 'error',
    message: describeError('CONFIG_INVALID_VALUE', { path: printPath(path) || context.file.file, actual, expected }),
    ...placeAndHint(path, hint?.startsWith('Did') ? hint : undefined, context, range),
  };
}

/** A value that the file does not hold has no place in it; its origin is named instead. */
function placeAndHint(path: Path, hint: string | undefined, { overrides }: FaultContext, range: Range | undefined) {
  const origin = overrides.findLast((override) => override.path.every((name, index) => path[index] === name))?.origin;
  const hints = [hint, origin && `From ${origin}`].filter((text) => text !== undefined);
  return {
    ...(range === undefined || origin !== undefined ? {} : { range }),
    ...(hints.length === 0 ? {} : { hint: hints.join('; ') }),
  };
}

/** For an option that is missing: the name of the group it is missing from. */
function nearestRange(path: Path, file: SettingsFile): Range | undefined {
  for (let length = path.length - 1; length > 0; length--) {
    const range = file.rangeOfName(path.slice(0, length));
    if (range !== undefined) return range;
  }
  return { file: file.file, line: 1, column: 1, endLine: 1, endColumn: 2 };
}

/** A value that came through a variable is shown as written: it may be a secret. */
function printActual(value: unknown, written: string | undefined): string {
  if (written !== undefined) return JSON.stringify(written);
  if (value === undefined) return 'not set';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a group';
  return JSON.stringify(value);
}

function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    values,
  );
}
