/** Methods on text and to text: joinNotNull, toString, jsonStringify, jsonParse, split, trim, trimStart, trimEnd. */
import { parseJson } from '../json-text.ts';
import type { Method, MethodCall } from '../method.ts';
import { isObject, scalarText, stringifyJson, typeName, type Maybe } from '../value.ts';

export function joinNotNull(call: MethodCall): Maybe {
  const { input } = call;
  if (!call.args || call.args.length !== 1) return call.problem('METHOD_ARGUMENT', 'needs a string as argument');
  const separator = call.argument(0);
  if (typeof separator !== 'string') return call.problem('METHOD_ARGUMENT', 'needs a string as argument');
  const items = Array.isArray(input) ? input : [input];
  let text: string | undefined;
  for (const item of items) {
    if (Array.isArray(item) || isObject(item)) {
      return call.problem('METHOD_INPUT', `needs an array of scalars, found ${typeName(item)} in it`);
    }
    if (item !== null) text = text === undefined ? scalarText(item) : text + separator + scalarText(item);
  }
  return text ?? '';
}

export function toText(call: MethodCall): Maybe {
  const { input } = call;
  if (call.args && call.args.length > 0) return call.problem('METHOD_ARGUMENT', 'takes no arguments');
  if (!Array.isArray(input) && !isObject(input)) return scalarText(input);
  return call.problem(
    'METHOD_INPUT',
    `needs a scalar, got ${typeName(input)}; ->jsonStringify or ->joinNotNull print it`,
  );
}

export function jsonStringify(call: MethodCall): Maybe {
  return call.takesNoArguments() ? stringifyJson(call.input) : undefined;
}

export function jsonParse(call: MethodCall): Maybe {
  if (!call.takesNoArguments()) return undefined;
  if (typeof call.input !== 'string')
    return call.problem('METHOD_INPUT', `needs a string, got ${typeName(call.input)}`);
  try {
    return parseJson(call.input);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return call.problem('METHOD_FAILED', 'finds no JSON in the input');
  }
}

/** An empty separator splits into code points. */
export function split(call: MethodCall): Maybe {
  const { input } = call;
  if (!call.takesArguments(1)) return undefined;
  const separator = call.argument(0);
  if (typeof separator !== 'string') return call.problem('METHOD_ARGUMENT', 'needs a string as argument');
  if (typeof input !== 'string') return call.problem('METHOD_INPUT', `needs a string, got ${typeName(input)}`);
  return separator === '' ? Array.from(input) : input.split(separator);
}

const ofString =
  (change: (text: string) => string): Method =>
  (call) => {
    if (!call.takesNoArguments()) return undefined;
    if (typeof call.input === 'string') return change(call.input);
    return call.problem('METHOD_INPUT', `needs a string, got ${typeName(call.input)}`);
  };

export const trim = ofString((text) => text.trim());
export const trimStart = ofString((text) => text.trimStart());
export const trimEnd = ofString((text) => text.trimEnd());
