/**
 * Members by names that come from clients. "constructor" and "__proto__" are valid names of GraphQL, so a plain read would
 * find what every object inherits, and a plain write could change what an object inherits.
 */

/** An object of an answer. */
export type Members = Record<string, unknown>;

export const readOwn = (object: Members, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined;

export function writeOwn(object: Members, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
