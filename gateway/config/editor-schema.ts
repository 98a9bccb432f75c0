/**
 * The schema of the settings file for those who do not run it: JSON Schema for editors (`settings.schema.json`), rows for the
 * reference page, and the names that are legal at a place, for suggestions.
 */
import { z } from 'zod';
import { settingsSchema } from './settings-schema.ts';

/** The part of JSON Schema that zod writes for this file. */
export interface OptionSchema {
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, OptionSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: OptionSchema | boolean;
  readonly items?: OptionSchema;
}

/** The options as a tree, for looking up a path. */
export function buildOptionSchema(): OptionSchema {
  return z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }) as OptionSchema;
}

/** JSON Schema (draft 2020-12) of the settings file; `npm run generate` writes it to `settings.schema.json`. */
export function buildEditorSchema(): Record<string, unknown> {
  return { title: 'Tributary settings', ...(allowVariables(buildOptionSchema()) as Record<string, unknown>) };
}

const variable = { type: 'string', pattern: '\\$\\{[A-Za-z_]' };

/** An editor sees `${PORT:-4000}` where the check sees 4000, so wherever a text would be wrong, a variable must be right. */
function allowVariables(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(allowVariables);
  if (typeof schema !== 'object' || schema === null) return schema;
  const isNarrow =
    'pattern' in schema ||
    'enum' in schema ||
    ('type' in schema && /^(boolean|integer|number)$/.test(String(schema.type)));
  if (!isNarrow) return Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, allowVariables(part)]));
  const { title, description, default: byDefault, ...rest } = schema as OptionSchema;
  return { title, description, default: byDefault, anyOf: [rest, variable] };
}

/** What the options look like below a path of the file; undefined where there is no such path. */
export function optionAt(
  path: readonly PropertyKey[],
  root = buildEditorSchema() as OptionSchema,
): OptionSchema | undefined {
  return path.reduce<OptionSchema | undefined>((option, name) => {
    if (option === undefined) return undefined;
    if (typeof name === 'number') return option.items;
    const { properties = {}, additionalProperties } = option;
    if (Object.hasOwn(properties, name)) return properties[String(name)];
    return typeof additionalProperties === 'object' ? additionalProperties : undefined;
  }, root);
}

/** One row of the reference page. */
export interface SettingRow {
  /** Dotted; `<name>` stands for a name of the user's. */
  readonly path: string;
  readonly type: string;
  /** As it would be written; undefined where there is none. */
  readonly default: string | undefined;
  readonly required: boolean;
  readonly description: string;
}

/**
 * Every option of the settings file, in the order of the file, groups before what is in them. `upstream` below a service
 * repeats the one for all services, so it is one row.
 */
export function describeSettings(): SettingRow[] {
  const repeated = 'services.<name>.upstream.';
  return rowsBelow(buildOptionSchema(), '').filter(({ path }) => !path.startsWith(repeated));
}

function rowsBelow(option: OptionSchema, prefix: string): SettingRow[] {
  const rows = Object.entries(option.properties ?? {}).flatMap(([name, child]) => {
    const path = `${prefix}${name}`;
    const row = describeRow(path, child, option.required?.includes(name) ?? false);
    return [row, ...rowsBelow(child, `${path}.`)];
  });
  const { additionalProperties } = option;
  const isNamed = typeof additionalProperties === 'object' && additionalProperties.properties !== undefined;
  return isNamed ? [...rows, ...rowsBelow(additionalProperties, `${prefix}<name>.`)] : rows;
}

function describeRow(path: string, option: OptionSchema, isRequired: boolean): SettingRow {
  const choices = option.enum ?? (option.const === undefined ? undefined : [option.const]);
  const isGroup = option.properties !== undefined || (option.title === undefined && choices === undefined);
  return {
    path,
    type:
      choices?.map((choice) => `\`${String(choice)}\``).join(', ') ?? (isGroup ? 'group' : (option.title ?? 'group')),
    default: isGroup || option.default === undefined ? undefined : printDefault(option.default),
    required: isRequired,
    description: option.description ?? '',
  };
}

const printDefault = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
