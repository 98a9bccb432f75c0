/**
 * The kinds of value a settings file holds. A bare number is no duration and no size: `timeout: 5` has been read as seconds
 * and as milliseconds often enough (experience.md, section 10). The `error` of each kind says what was expected, and ends up
 * in "expected ..." of CONFIG_INVALID_VALUE.
 */
import { z } from 'zod';

const millisecondsIn: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const bytesIn: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
const sizePattern = /^(\d+(?:\.\d+)?)(B|KB|MB|GB)$/;

function readQuantity(text: string, pattern: RegExp, units: Readonly<Record<string, number>>): number {
  const [, amount = '', unit = ''] = pattern.exec(text) ?? [];
  return Math.round(Number(amount) * (units[unit] ?? Number.NaN));
}

function printQuantity(amount: number, units: Readonly<Record<string, number>>): string {
  const [unit, size] = Object.entries(units).findLast(
    ([, unitSize]) => amount % unitSize === 0 && amount >= unitSize,
  ) ??
    Object.entries(units)[0] ?? ['', 1];
  return `${amount / size}${unit}`;
}

/** 5000 is "5s". */
export const printDuration = (ms: number): string => printQuantity(ms, millisecondsIn);

/** 1048576 is "1MB". */
export const printSize = (bytes: number): string => printQuantity(bytes, bytesIn);

const quantity = (title: string, expected: string, pattern: RegExp, units: Readonly<Record<string, number>>) =>
  z
    .string({ error: expected })
    .regex(pattern, { error: expected })
    .transform((text) => readQuantity(text, pattern, units))
    .meta({ title });

/** "250ms", "5s", "1m" or "1h"; in milliseconds. */
export const duration = () => quantity('duration', 'a duration such as "2s"', durationPattern, millisecondsIn);

/** "512B", "16KB", "8MB" or "1GB"; in bytes. */
export const size = () => quantity('size', 'a size such as "8MB"', sizePattern, bytesIn);

export const text = (expected = 'a text') =>
  z.string({ error: expected }).min(1, { error: expected }).meta({ title: 'text' });

export const flag = () => z.boolean({ error: 'true or false' }).meta({ title: 'true or false' });

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error }).meta({ title: 'whole number' });
}

/** A number that is not negative. */
export function share() {
  const error = 'a number that is not negative, such as 0.2';
  return z.number({ error }).min(0, { error }).meta({ title: 'number' });
}

/** A number from 0 to 1. */
export function fraction() {
  const error = 'a number from 0 to 1';
  return z.number({ error }).min(0, { error }).max(1, { error }).meta({ title: 'number' });
}

/** Statuses, also as patterns: "5xx" and "50x" stand for all they fit; a list of numbers when read. */
export function statuses() {
  const error = 'a list of statuses such as [502, "5xx"]';
  const status = z.union([z.int().min(100).max(599), z.string().regex(/^[1-5][0-9x]{2}$/)], { error });
  return list(status, error).transform((patterns) => {
    const pattern = new RegExp(`^(${patterns.join('|').replaceAll('x', String.raw`\d`)})$`);
    return Array.from({ length: 500 }, (_, index) => index + 100).filter((number) => pattern.test(String(number)));
  });
}

export function oneOf<const Name extends string>(...names: readonly [Name, ...Name[]]) {
  const quoted = names.map((name) => `"${name}"`);
  return z
    .enum(names, { error: quoted.length === 1 ? quoted[0]! : `one of ${quoted.join(', ')}` })
    .meta({ title: 'name' });
}

/** A path; relative to the settings file. */
export const path = () => text('a path').meta({ title: 'path' });

export function httpUrl() {
  const error = 'an address that starts with "http://" or "https://"';
  return z
    .string({ error })
    .refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), { error })
    .meta({ title: 'URL' });
}

/** A page: an address, or a path on the same host. */
export function link() {
  const error = 'an address, or a path that starts with "/"';
  return z
    .string({ error })
    .refine((value) => /^(https?:\/\/|\/)[!#-;=?-~]*$/.test(value), { error })
    .meta({ title: 'link' });
}

/** A moment of UTC such as "2027-05-03T09:00:00Z"; a Date when read. */
export function moment() {
  const error = 'a moment of UTC such as "2027-05-03T09:00:00Z"';
  const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
  return z
    .string({ error })
    .refine((value) => pattern.test(value) && !Number.isNaN(Date.parse(value)), { error })
    .transform((value) => new Date(value))
    .meta({ title: 'moment' });
}

/** "memory", "pglite:" and a folder, or the address of a PostgreSQL server; one text, so that one variable can hold it. */
export function storageAddress() {
  const error = '"memory", "pglite:<folder>" or "postgresql://..."';
  return z
    .string({ error })
    .refine((value) => value === 'memory' || /^pglite:.+/.test(value) || /^postgres(ql)?:\/\/.+/.test(value), { error })
    .meta({ title: 'store' });
}

/** An HTTP header name, in lower case when read. */
export function headerName() {
  const error = 'a header name such as "x-retry-attempt"';
  return z
    .string({ error })
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, { error })
    .transform((name) => name.toLowerCase())
    .meta({ title: 'header name' });
}

/** The value of a header field: one line of ASCII. */
export function headerValue() {
  const error = 'a text of one line';
  return z
    .string({ error })
    .regex(/^[\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?$/, { error })
    .meta({ title: 'text' });
}

/** Options below a name of their own; unknown ones are refused. */
export const group = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, { error: (issue) => (issue.code === 'invalid_type' ? 'a group of options' : undefined) });

export const list = <Item extends z.ZodType>(item: Item, expected: string) =>
  z.array(item, { error: expected }).meta({ title: 'list' });
