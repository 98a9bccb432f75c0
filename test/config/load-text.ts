/** Loads settings from a text, in a folder of its own that ends with the test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadSettings, type LoadedSettings } from '../../gateway/config/index.ts';
import { FaultsError, formatFault } from '../../gateway/errors/fault.ts';

export interface LoadTextOptions {
  readonly env?: Record<string, string>;
  readonly flags?: Record<string, unknown>;
  /** Text of the `.env` file beside the settings. */
  readonly dotEnv?: string;
}

export function loadText(
  text: string,
  { env = {}, flags = {}, dotEnv }: LoadTextOptions = {},
): LoadedSettings & { folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'tributary.yaml');
  writeFileSync(file, text);
  if (dotEnv !== undefined) writeFileSync(join(folder, '.env'), dotEnv);
  return { ...loadSettings({ file, env, flags }), folder };
}

/** The faults, as they are printed; the folder is left out. */
export function faultsOf(text: string, options: LoadTextOptions = {}): string {
  try {
    loadText(text, options);
  } catch (error) {
    if (!(error instanceof FaultsError)) throw error;
    return withoutFolder(error.message);
  }
  throw new Error('Expected faults, got settings');
}

/** Code, line and column of each fault. */
export function placesOf(text: string, options: LoadTextOptions = {}): string[] {
  try {
    loadText(text, options);
  } catch (error) {
    if (!(error instanceof FaultsError)) throw error;
    return error.faults.map(({ code, range }) => (range ? `${code} ${range.line}:${range.column}` : code));
  }
  throw new Error('Expected faults, got settings');
}

export const printWarnings = ({ warnings, sources }: LoadedSettings): string[] =>
  warnings.map((warning) => withoutFolder(formatFault(warning, sources)));

const withoutFolder = (text: string): string =>
  text.replaceAll(/\S*tributary-settings-\w+[\\/]/g, '').replaceAll(/[ \t]+$/gm, '');
