/** Compares what a suite expects with what came: each difference one sentence with the place, expected and actual. */
import { deepEquals, isObject, type Maybe, type Value } from '../../connectors/mapping/value.ts';
import { stringifyJson } from '../../upstream/index.ts';

export interface Difference {
  /** `connectorResponse.title`. */
  readonly at: string;
  readonly expected: Maybe;
  readonly actual: Maybe;
}

export const printDifference = ({ at, expected, actual }: Difference): string =>
  `${at} is ${print(actual)}, expected ${print(expected)}`;

const print = (value: Maybe): string => (value === undefined ? 'missing' : stringifyJson(value));

/** Equal in every part; missing and null are told apart. */
export function compareWhole(at: string, expected: Maybe, actual: Maybe): Difference[] {
  if (deepEquals(expected, actual)) return [];
  if (isObject(expected) && isObject(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return names.flatMap((name) => compareWhole(`${at}.${name}`, own(expected, name), own(actual, name)));
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((item, index) => compareWhole(`${at}[${index}]`, item, actual[index]));
  }
  return [{ at, expected, actual }];
}

/** What is expected must be there; members that are not mentioned may be anything. */
export function comparePart(at: string, expected: Value, actual: Maybe): Difference[] {
  if (!isObject(expected) || !isObject(actual)) return compareWhole(at, expected, actual);
  return Object.keys(expected).flatMap((name) => comparePart(`${at}.${name}`, expected[name]!, own(actual, name)));
}

const own = (object: Record<string, Value>, name: string): Maybe =>
  Object.hasOwn(object, name) ? object[name] : undefined;
