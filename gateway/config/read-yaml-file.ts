/** Reads a YAML file of any schema; what is wrong in it is reported with its place, as for the settings file. */
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeError } from '../errors/catalogue.ts';
import { FaultsError, sortFaults } from '../errors/fault.ts';
import { describeIssue } from './describe-faults.ts';
import type { OptionSchema } from './editor-schema.ts';
import { readSettingsFile } from './settings-file.ts';

/** Throws FaultsError with every fault found. Unlike in the settings file, `${NAME}` is text and null is a value. */
export function readYamlFile<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> {
  const name = relative(process.cwd(), resolve(path)) || path;
  const text = readText(path);
  if (text === undefined) {
    const message = describeError('CONFIG_NOT_FOUND', { file: name });
    throw new FaultsError([{ code: 'CONFIG_NOT_FOUND', severity: 'error', message }]);
  }
  const file = readSettingsFile(name, text, {});
  const sources = new Map([[name, text]]);
  if (file.syntaxFaults.length > 0) throw new FaultsError(sortFaults(file.syntaxFaults), sources);
  const values: unknown = parse(text);
  const checked = schema.safeParse(values);
  if (checked.success) return checked.data;
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as OptionSchema;
  const context = { file, schema: shape, overrides: [], values };
  throw new FaultsError(sortFaults(checked.error.issues.flatMap((issue) => describeIssue(issue, context))), sources);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
