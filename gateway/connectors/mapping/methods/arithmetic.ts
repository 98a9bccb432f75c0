/**
 * Methods on numbers: add, sub, mul, div, mod, and parseInt. Whole numbers stay exact beyond 2^53, within 64 bits
 * (connectors.md 3.10); `div` gives a float.
 */
import type { Method, MethodCall } from '../method.ts';
import { isNumber, toInteger, typeName, type Maybe } from '../value.ts';

const minimum = -(2n ** 63n);
const maximum = 2n ** 63n - 1n;

interface Operation {
  readonly ofFloats: (a: number, b: number) => number;
  /** Absent: the result of whole numbers is a float too. */
  readonly ofIntegers?: (a: bigint, b: bigint) => bigint | undefined;
}

const isWhole = (value: number | bigint): boolean => typeof value === 'bigint' || Number.isSafeInteger(value);

function apply({ ofFloats, ofIntegers }: Operation, a: number | bigint, b: number | bigint): Maybe {
  const float = ofFloats(Number(a), Number(b));
  if (!ofIntegers || !isWhole(a) || !isWhole(b)) return Number.isFinite(float) ? float : undefined;
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(float)) return float;
  const exact = ofIntegers(BigInt(a), BigInt(b));
  return exact === undefined || exact < minimum || exact > maximum ? undefined : toInteger(exact);
}

const fold =
  (operation: Operation): Method =>
  (call) => {
    const { input, args } = call;
    if (!isNumber(input)) return call.problem('METHOD_INPUT', `needs a number, got ${typeName(input)}`);
    if (!args || args.length === 0) return call.problem('METHOD_ARGUMENT', 'needs a number as argument');
    let result: number | bigint = input;
    for (const [index, { evaluate }] of args.entries()) {
      const operand = call.evaluate(evaluate);
      if (!isNumber(operand)) {
        const actual = operand === undefined ? 'none' : typeName(operand);
        return call.problem('METHOD_ARGUMENT', `needs numbers as arguments, got ${actual}`);
      }
      const next: Maybe = apply(operation, result, operand);
      if (!isNumber(next)) return call.problem('METHOD_FAILED', `has no result with argument ${index + 1}`);
      result = next;
    }
    return result;
  };

export const add = fold({ ofFloats: (a, b) => a + b, ofIntegers: (a, b) => a + b });
export const sub = fold({ ofFloats: (a, b) => a - b, ofIntegers: (a, b) => a - b });
export const mul = fold({ ofFloats: (a, b) => a * b, ofIntegers: (a, b) => a * b });
export const div = fold({ ofFloats: (a, b) => a / b });
export const mod = fold({ ofFloats: (a, b) => a % b, ofIntegers: (a, b) => (b === 0n ? undefined : a % b) });

/** The digit a character stands for, 36 when it is none. */
function digitOf(char: string): number {
  const code = char.toLowerCase().charCodeAt(0);
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 122 ? code - 87 : 36;
}

function readInteger(text: string, base: number): bigint | undefined {
  const digits = text.startsWith('-') || text.startsWith('+') ? text.slice(1) : text;
  // 64 bits in base 2 are the longest; leading zeros beyond that are not worth a number
  if (digits === '' || digits.length > 80) return undefined;
  let size = 0n;
  for (const char of digits) {
    const digit = digitOf(char);
    if (digit >= base || char.length > 1) return undefined;
    size = size * BigInt(base) + BigInt(digit);
  }
  const value = text.startsWith('-') ? -size : size;
  return value < minimum || value > maximum ? undefined : value;
}

export function parseInteger(call: MethodCall): Maybe {
  const { input } = call;
  const base = call.args && call.args.length > 0 ? call.argument(0) : 10;
  if (typeof base !== 'number' || !Number.isInteger(base) || base < 2 || base > 36) {
    return call.problem('METHOD_FAILED', `needs a base from 2 to 36`);
  }
  if (typeof input !== 'string' && !isNumber(input)) {
    return call.problem('METHOD_INPUT', `needs a string or a number, got ${typeName(input)}`);
  }
  if (typeof input === 'number' && !Number.isSafeInteger(Math.trunc(input))) {
    return call.problem('METHOD_FAILED', 'finds no whole number in the input');
  }
  const text = typeof input === 'string' ? input : String(typeof input === 'number' ? Math.trunc(input) : input);
  const value = readInteger(text, base);
  return value === undefined
    ? call.problem('METHOD_FAILED', `finds no whole number of base ${base} in the input`)
    : toInteger(value);
}
