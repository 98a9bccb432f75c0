/**
 * The values a mapping reads and gives: JSON, with integers beyond 2^53 kept as bigint (connectors.md 3.10). `undefined`
 * stands for "missing" and is never part of a value. Names such as `__proto__` are plain data: own properties only.
 */

export type Value = null | boolean | number | bigint | string | Value[] | { [name: string]: Value };
export type ValueObject = { [name: string]: Value };
export type Maybe = Value | undefined;

export const isObject = (value: unknown): value is ValueObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isNumber = (value: Maybe): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

/** The name of a value's type, as messages print it. */
export function typeName(value: Maybe): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'number';
  return typeof value;
}

/** An own property, or missing. */
export const getOwn = (object: ValueObject, key: string): Maybe =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** Sets an own property; `__proto__` too becomes plain data. */
export function setOwn(object: ValueObject, key: string, value: Value): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}

/** Deep equality; numbers by value (1 is 1.0, a bigint equals the same number), everything else by type and content. */
export function deepEquals(a: Maybe, b: Maybe): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return a == b;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => deepEquals(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && deepEquals(a[key], b[key]))
  );
}

function writeJson(value: Value): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (isObject(value)) {
    return `{${Object.keys(value)
      .map((key) => `${JSON.stringify(key)}:${writeJson(value[key]!)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

const holdsBigint = (value: Maybe): boolean =>
  typeof value === 'bigint' ||
  (Array.isArray(value) && value.some(holdsBigint)) ||
  (isObject(value) && Object.keys(value).some((key) => holdsBigint(value[key])));

/** Compact JSON text that keeps every digit of a bigint. */
export const stringifyJson = (value: Value): string => (holdsBigint(value) ? writeJson(value) : JSON.stringify(value));

/** The same value with long integers as text, for those who can only write plain JSON. */
export function withoutBigints(value: Value): Value {
  if (!holdsBigint(value)) return value;
  if (Array.isArray(value)) return value.map(withoutBigints);
  if (!isObject(value)) return String(value);
  const output: ValueObject = {};
  for (const key of Object.keys(value)) setOwn(output, key, withoutBigints(value[key]!));
  return output;
}

/** The text of a scalar as it stands in a URL, a header or a joined string. Null is the empty text. */
export function scalarText(value: null | boolean | number | bigint | string): string {
  return value === null ? '' : String(value);
}

/** JSON text with the keys of every object in order: equal values give equal texts, whatever built them. */
export function canonicalJson(value: Maybe): string {
  if (value === undefined) return '?';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isObject(value)) {
    return `{${Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`)
      .join(',')}}`;
  }
  return String(value);
}

/** A whole number kept as it is when it is safe, as bigint otherwise. */
export const toInteger = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
