/**
 * The table of scalars (facade.md 7.1): the JSON Schema of each, and how text on the wire becomes a value. A scalar that
 * is not in the table is any JSON value in a body and a string in a URL; its own parser has the last word.
 */
import type { Json } from '../contract.ts';

export interface ScalarRule {
  readonly schema: Readonly<Record<string, Json>>;
  /** The value a text stands for; undefined when it stands for none. */
  readonly read: (text: string) => Json | undefined;
  /** In words, for messages. */
  readonly expected: string;
}

const readBounded = (text: string): number | undefined => {
  const value = Number(text);
  return /^-?(0|[1-9]\d*)$/.test(text) && value >= -2147483648 && value <= 2147483647 ? value : undefined;
};

const readNumber = (text: string): number | undefined => {
  const value = Number(text);
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) && Number.isFinite(value) ? value : undefined;
};

const patterned = (pattern: string, expected: string, more: Record<string, Json> = {}): ScalarRule => ({
  schema: { type: 'string', ...more, pattern },
  read: (text) => (new RegExp(pattern, 'u').test(text) ? text : undefined),
  expected,
});

const table: Readonly<Record<string, ScalarRule>> = {
  Int: {
    schema: { type: 'integer', format: 'int32', minimum: -2147483648, maximum: 2147483647 },
    read: readBounded,
    expected: 'an integer',
  },
  Float: { schema: { type: 'number' }, read: readNumber, expected: 'a number' },
  Boolean: {
    schema: { type: 'boolean' },
    read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
    expected: '"true" or "false"',
  },
  String: { schema: { type: 'string' }, read: (text) => text, expected: 'a text' },
  ID: { schema: { type: 'string' }, read: (text) => (text === '' ? undefined : text), expected: 'an id' },
  Decimal: patterned('^-?(0|[1-9]\\d*)(\\.\\d+)?$', 'a decimal number such as "12.90"', { examples: ['12.90'] }),
  DateTime: patterned(
    '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])[Tt]([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d+)?([Zz]|[+-]([01]\\d|2[0-3]):[0-5]\\d)$',
    'a date and time such as "2026-06-30T12:00:00Z"',
    { format: 'date-time', examples: ['2026-06-30T12:00:00Z'] },
  ),
  Date: patterned('^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$', 'a date such as "2026-06-30"', {
    format: 'date',
    examples: ['2026-06-30'],
  }),
};

const anyScalar: ScalarRule = { schema: {}, read: (text) => text, expected: 'a value' };

/** The rule for a scalar by its name. */
export const scalarRule = (name: string): ScalarRule => (Object.hasOwn(table, name) ? table[name]! : anyScalar);
