/** Methods on objects: size, entries, keysToCamelCase, keysToCamelCaseDeep. */
import type { Method, MethodCall } from '../method.ts';
import { byteLength } from '../utf8.ts';
import { isObject, setOwn, typeName, type Maybe, type Value, type ValueObject } from '../value.ts';

export function size(call: MethodCall): Maybe {
  const { input } = call;
  if (!call.takesNoArguments()) return undefined;
  if (Array.isArray(input)) return input.length;
  if (typeof input === 'string') return byteLength(input);
  if (isObject(input)) return Object.keys(input).length;
  return call.problem('METHOD_INPUT', `needs an array, string or object, got ${typeName(input)}`);
}

export function entries(call: MethodCall): Maybe {
  const { input } = call;
  if (!call.takesNoArguments()) return undefined;
  if (!isObject(input)) return call.problem('METHOD_INPUT', `needs an object, got ${typeName(input)}`);
  return Object.keys(input).map((key) => ({ key, value: input[key]! }));
}

const isUpper = (char: string): boolean => char !== char.toLowerCase();
const isLower = (char: string): boolean => char !== char.toUpperCase();

/** The words of a snake, kebab, Pascal or SCREAMING name. */
function wordsOf(name: string): string[] {
  const words: string[] = [];
  let word = '';
  const chars = Array.from(name);
  chars.forEach((char, index) => {
    const isSeparator = char === '_' || char === '-' || char === ' ';
    const [before, after] = [chars[index - 1] ?? '', chars[index + 1] ?? ''];
    const startsWord = isUpper(char) && word !== '' && (!isUpper(before) || isLower(after));
    if (isSeparator || startsWord) {
      if (word !== '') words.push(word);
      word = '';
    }
    if (!isSeparator) word += char;
  });
  return word === '' ? words : [...words, word];
}

/** `book_id`, `BookId`, `BOOK_ID`, `book-id` → `bookId`. Leading underscores stay. */
function camelCase(name: string): string {
  const start = name.length - name.replaceAll('_', ' ').trimStart().length;
  const words = wordsOf(name.slice(start)).map((word) => word.toLowerCase());
  return name.slice(0, start) + words.map((word, index) => (index === 0 ? word : capital(word))).join('');
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function renameKeys(call: MethodCall, object: ValueObject, change: (value: Value) => Value): ValueObject {
  const output: ValueObject = {};
  for (const key of Object.keys(object)) {
    const name = camelCase(key);
    if (Object.hasOwn(output, name)) call.problem('DUPLICATE_KEY', `turns two keys into "${name}"`);
    setOwn(output, name, change(object[key]!));
  }
  return output;
}

const ofObject =
  (rename: (call: MethodCall, object: ValueObject) => Value): Method =>
  (call) => {
    if (!call.takesNoArguments()) return undefined;
    if (isObject(call.input)) return rename(call, call.input);
    return call.problem('METHOD_INPUT', `needs an object, got ${typeName(call.input)}`);
  };

function renameDeep(call: MethodCall, value: Value): Value {
  if (Array.isArray(value)) return value.map((item) => renameDeep(call, item));
  return isObject(value) ? renameKeys(call, value, (child) => renameDeep(call, child)) : value;
}

export const keysToCamelCase = ofObject((call, object) => renameKeys(call, object, (value) => value));
export const keysToCamelCaseDeep = ofObject(renameDeep);
