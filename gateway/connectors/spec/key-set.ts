/** The fields that make a key (connectors.md 11.1): `id org { id }` as a tree of names. */
import { Kind, parse, type SelectionSetNode } from 'graphql';
import { isObject, setOwn, type Value, type ValueObject } from '../mapping/value.ts';

export type KeySet = ReadonlyMap<string, KeySet>;
type MutableKeySet = Map<string, MutableKeySet>;

/** The union of paths: `id`, `org.id`, `org.name` give `id org { id name }`. */
export function buildKeySet(paths: Iterable<readonly string[]>): KeySet {
  const keys: MutableKeySet = new Map();
  for (const path of paths) {
    let level = keys;
    for (const name of path) {
      const next = level.get(name) ?? new Map<string, MutableKeySet>();
      level.set(name, next);
      level = next;
    }
  }
  return keys;
}

/** Reads the `fields` text of a `@key`; undefined when it does not parse. */
export function readKeySet(fields: string): KeySet | undefined {
  try {
    const [definition] = parse(`{${fields}}`, { noLocation: true }).definitions;
    return definition?.kind === Kind.OPERATION_DEFINITION ? fromSelections(definition.selectionSet) : undefined;
  } catch {
    return undefined;
  }
}

function fromSelections({ selections }: SelectionSetNode): KeySet {
  return new Map(
    selections
      .filter((selection) => selection.kind === Kind.FIELD)
      .map(({ name, selectionSet }) => [name.value, selectionSet ? fromSelections(selectionSet) : new Map()]),
  );
}

export const printKeySet = (keys: KeySet): string =>
  [...keys].map(([name, inner]) => (inner.size === 0 ? name : `${name} { ${printKeySet(inner)} }`)).join(' ');

/** Whether every field of `inner` is in `outer`. */
export const coversKeySet = (outer: KeySet, inner: KeySet): boolean =>
  [...inner].every(([name, fields]) => outer.has(name) && coversKeySet(outer.get(name)!, fields));

export const equalsKeySet = (a: KeySet, b: KeySet): boolean => coversKeySet(a, b) && coversKeySet(b, a);

/** The key's part of an object; undefined when a field of it is missing. */
export function pickKeys(value: Value | undefined, keys: KeySet): Value | undefined {
  if (keys.size === 0 || value === null || value === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => pickKeys(item, keys) ?? null);
  if (!isObject(value)) return undefined;
  const picked: ValueObject = {};
  for (const [name, inner] of keys) {
    const part = pickKeys(Object.hasOwn(value, name) ? value[name] : undefined, inner);
    if (part === undefined) return undefined;
    setOwn(picked, name, part);
  }
  return picked;
}
