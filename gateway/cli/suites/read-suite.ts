/** Reads a suite; what is wrong in it is reported with its place, as for the settings file. */
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeIssue } from '../../config/describe-faults.ts';
import type { OptionSchema } from '../../config/editor-schema.ts';
import { readSettingsFile } from '../../config/settings-file.ts';
import { describeError } from '../../errors/catalogue.ts';
import { FaultsError, sortFaults } from '../../errors/fault.ts';
import { suiteSchema, type Suite } from './suite-schema.ts';

/** Throws FaultsError with every fault found. */
export function readSuite(path: string): Suite {
  const name = relative(process.cwd(), resolve(path)) || path;
  const text = readText(path);
  if (text === undefined) {
    const message = describeError('CONFIG_NOT_FOUND', { file: name });
    throw new FaultsError([{ code: 'CONFIG_NOT_FOUND', severity: 'error', message }]);
  }
  const file = readSettingsFile(name, text, {});
  const sources = new Map([[name, text]]);
  if (file.syntaxFaults.length > 0) throw new FaultsError(sortFaults(file.syntaxFaults), sources);
  // Read anew: in a settings file ${NAME} is replaced and null is nothing, here both are values
  const values: unknown = parse(text);
  const checked = suiteSchema.safeParse(values);
  if (checked.success) return checked.data;
  const schema = z.toJSONSchema(suiteSchema, { io: 'input', unrepresentable: 'any' }) as OptionSchema;
  const faults = checked.error.issues.flatMap((issue) => describeIssue(issue, { file, schema, overrides: [], values }));
  throw new FaultsError(sortFaults(faults), sources);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
