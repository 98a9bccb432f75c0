/** Merges what two items of a list gave (connectors.md 8.5). Never changes its arguments: they may be parts of the input. */
import { isObject, setOwn, typeName, type Maybe, type Value, type ValueObject } from './value.ts';

/** `onLoss` hears of a value replaced by one of another type. */
export function mergeValues(first: Maybe, second: Maybe, onLoss: (from: string, to: string) => void): Maybe {
  if (first === undefined) return second;
  if (second === undefined) return first;
  if (first === null || second === null) return null;
  if (isObject(first) && isObject(second)) return mergeObjects(first, second, onLoss);
  if (Array.isArray(first) && Array.isArray(second)) {
    const length = Math.max(first.length, second.length);
    return Array.from({ length }, (_, index) => mergeValues(first[index], second[index], onLoss) as Value);
  }
  if (typeName(first) !== typeName(second)) onLoss(typeName(first), typeName(second));
  return second;
}

function mergeObjects(
  first: ValueObject,
  second: ValueObject,
  onLoss: (from: string, to: string) => void,
): ValueObject {
  const merged: ValueObject = {};
  for (const key of Object.keys(first)) setOwn(merged, key, first[key]!);
  for (const key of Object.keys(second)) {
    const value = Object.hasOwn(merged, key) ? mergeValues(merged[key], second[key], onLoss) : second[key];
    setOwn(merged, key, value as Value);
  }
  return merged;
}
