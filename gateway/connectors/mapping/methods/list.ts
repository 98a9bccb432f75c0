/** Methods on lists, and on strings as lists of characters: first, last, slice, get, filter, find, contains, in. */
import type { MethodCall } from '../method.ts';
import { deepEquals, getOwn, isObject, stringifyJson, typeName, type Maybe, type Value } from '../value.ts';
import { byteLength, indexOfByte } from '../utf8.ts';

function end(call: MethodCall, ofArray: (items: Value[]) => Maybe, ofText: (chars: string[]) => Maybe): Maybe {
  const { input } = call;
  if (!call.takesNoArguments()) return undefined;
  if (Array.isArray(input)) return ofArray(input);
  if (typeof input === 'string') return ofText(Array.from(input));
  call.problem('METHOD_INPUT', `needs an array or a string, got ${typeName(input)}`);
  return input;
}

export const first = (call: MethodCall): Maybe =>
  end(
    call,
    (items) => items[0],
    (chars) => chars[0],
  );

export const last = (call: MethodCall): Maybe =>
  end(
    call,
    (items) => items.at(-1),
    (chars) => chars.at(-1),
  );

/** Offsets are clamped, never counted from the end; what is not a whole number is the default. */
export function slice(call: MethodCall): Maybe {
  const { input } = call;
  if (typeof input !== 'string' && !Array.isArray(input)) {
    return call.problem('METHOD_INPUT', `needs an array or a string, got ${typeName(input)}`);
  }
  if (call.args === undefined) return input;
  const length = typeof input === 'string' ? byteLength(input) : input.length;
  const offset = (index: number, fallback: number): number => {
    const value = call.argument(index);
    return Number.isInteger(value) ? Math.min(Math.max(value as number, 0), length) : fallback;
  };
  const from = offset(0, 0);
  const to = Math.max(offset(1, length), from);
  if (typeof input !== 'string') return input.slice(from, to);
  return input.slice(indexOfByte(input, from), indexOfByte(input, to));
}

export function get(call: MethodCall): Maybe {
  const { input } = call;
  if (!call.takesArguments(1)) return undefined;
  const key = call.argument(0);
  if (key === undefined) return undefined;
  if (isObject(input)) {
    if (typeof key !== 'string')
      return call.problem('METHOD_ARGUMENT', `on an object needs a string, got ${show(key)}`);
    const value = getOwn(input, key);
    return value === undefined ? call.problem('METHOD_FAILED', `finds no property ${show(key)}`) : value;
  }
  if (typeof input !== 'string' && !Array.isArray(input)) {
    return call.problem('METHOD_INPUT', `needs an array, string or object, got ${typeName(input)}`);
  }
  if (!Number.isInteger(key)) {
    return call.problem('METHOD_ARGUMENT', `on ${typeName(input)} needs a whole number, got ${show(key)}`);
  }
  const length = typeof input === 'string' ? byteLength(input) : input.length;
  const index = (key as number) < 0 ? (key as number) + length : (key as number);
  if (index < 0 || index >= length) {
    return call.problem('METHOD_FAILED', `finds no index ${show(key)} in ${typeName(input)} of length ${length}`);
  }
  if (typeof input !== 'string') return input[index];
  return String.fromCodePoint(input.codePointAt(indexOfByte(input, index))!);
}

export function filter(call: MethodCall): Maybe {
  if (!call.takesArguments(1)) return undefined;
  const { evaluate } = call.args![0]!;
  const items = Array.isArray(call.input) ? call.input : [call.input];
  let isSound = true;
  const kept = items.filter((item, index) => {
    const condition = call.evaluate(evaluate, item, index);
    if (typeof condition === 'boolean') return condition;
    isSound = false;
    call.problem('CONDITION_NOT_BOOLEAN', 'needs a condition that is true or false', index);
    return false;
  });
  return isSound ? kept : undefined;
}

export function find(call: MethodCall): Maybe {
  if (!call.takesArguments(1)) return undefined;
  const { evaluate } = call.args![0]!;
  const items = Array.isArray(call.input) ? call.input : [call.input];
  for (const [index, item] of items.entries()) {
    const condition = call.evaluate(evaluate, item, index);
    if (typeof condition !== 'boolean') {
      return call.problem('CONDITION_NOT_BOOLEAN', 'needs a condition that is true or false', index);
    }
    if (condition) return item;
  }
  return undefined;
}

export function contains(call: MethodCall): Maybe {
  const { input } = call;
  if (!call.takesArguments(1)) return undefined;
  if (!Array.isArray(input)) return call.problem('METHOD_INPUT', `needs an array, got ${typeName(input)}`);
  const wanted = call.argument(0);
  return wanted === undefined ? undefined : input.some((item) => deepEquals(item, wanted));
}

/** `in` is a reserved word of this language, not of the mapping's. */
export function isIn(call: MethodCall): Maybe {
  if (!call.takesArguments(1)) return undefined;
  const items = call.argument(0);
  if (items === undefined) return undefined;
  if (!Array.isArray(items)) return call.problem('METHOD_ARGUMENT', `needs one array, got ${typeName(items)}`);
  return items.some((item) => deepEquals(item, call.input));
}

const show = (value: Value): string => {
  const text = stringifyJson(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};
