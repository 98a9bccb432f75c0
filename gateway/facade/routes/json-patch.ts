/** JSON Patch (RFC 6902): reads the operations of a body, and turns what they change into a merge patch (RFC 7396). */
import { applyPatch, Pointer, type Operation } from 'rfc6902';
import type { Json } from '../contract.ts';
import type { ProblemItem } from '../response/problem.ts';

export const jsonPatchType = 'application/json-patch+json';

export type { Operation };

type JsonObject = { [name: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Pointers that reach into what every object of JavaScript has. */
const forbidden: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor']);

const needed: Readonly<Record<string, readonly ('value' | 'from')[]>> = {
  add: ['value'],
  remove: [],
  replace: ['value'],
  move: ['from'],
  copy: ['from'],
  test: ['value'],
};

/** Characters of a pointer. */
export const LONGEST_POINTER = 1_024;

const pointerForm = /^(?:\/(?:[^~/]|~[01])*)*$/;

function faultOfPointer(name: string, value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || !pointerForm.test(value)) return `"${name}" is not a JSON Pointer`;
  if (value.length > LONGEST_POINTER) return `"${name}" is longer than ${LONGEST_POINTER} characters`;
  const isForbidden = Pointer.fromJSON(value).tokens.some((token) => forbidden.has(token));
  return isForbidden ? `"${name}" names what may not be changed` : undefined;
}

function faultOfOperation(operation: Json): string | undefined {
  if (!isObject(operation)) return 'Expected an operation such as {"op": "replace", "path": "/title", "value": "..."}';
  const { op, path, from } = operation;
  const members = typeof op === 'string' && Object.hasOwn(needed, op) ? needed[op]! : undefined;
  if (!members) return `"op" is not one of ${Object.keys(needed).join(', ')}`;
  const missing = members.find((name) => !Object.hasOwn(operation, name));
  if (missing !== undefined) return `"${op as string}" needs "${missing}"`;
  const fault = faultOfPointer('path', path) ?? (members.includes('from') ? faultOfPointer('from', from) : undefined);
  if (fault !== undefined) return fault;
  const isBelowItself = op === 'move' && typeof from === 'string' && (path as string).startsWith(`${from}/`);
  return isBelowItself ? '"from" cannot be moved below itself' : undefined;
}

/** What a client may send at once. */
const MOST_OPERATIONS = 1_000;

/** The operations, or what is wrong with each that is none. */
export function readJsonPatch(body: Json): readonly Operation[] | { readonly errors: readonly ProblemItem[] } {
  if (!Array.isArray(body)) return { errors: [{ pointer: '', detail: 'Expected a list of operations', code: 'type' }] };
  if (body.length > MOST_OPERATIONS) {
    return { errors: [{ pointer: '', detail: `Expected at most ${MOST_OPERATIONS} operations`, code: 'maximum' }] };
  }
  const errors = body.flatMap((operation, i): ProblemItem[] => {
    const detail = faultOfOperation(operation);
    return detail === undefined ? [] : [{ pointer: `/${i}`, detail, code: 'operation' }];
  });
  return errors.length > 0 ? { errors: errors.slice(0, 20) } : (body as unknown as Operation[]);
}

export type Patched =
  | { readonly state: 'patched'; readonly value: Json }
  /** A test failed, or a place is not there: the document is another one than the client thought. */
  | { readonly state: 'conflict'; readonly errors: readonly ProblemItem[] };

/** Applies all operations, or none: the document itself is never changed. */
export function applyJsonPatch(document: Json, operations: readonly Operation[]): Patched {
  const holder = { document: structuredClone(document) };
  for (const [i, operation] of operations.entries()) {
    // Below a holder, so that the whole document is a place like any other.
    const under = (path: string) => `/document${path}`;
    const below = { ...operation, path: under(operation.path) } as Operation & { from?: string };
    if (below.from !== undefined) below.from = under(below.from);
    const [error] = applyPatch(holder, [structuredClone(below)]);
    if (!error) continue;
    const isTest = error.name === 'TestError';
    const detail = isTest ? 'The test failed' : `Nothing can be done at "${operation.path}"`;
    return { state: 'conflict', errors: [{ pointer: `/${i}`, detail, code: isTest ? 'test' : 'missing' }] };
  }
  return { state: 'patched', value: holder.document };
}

const isEqual = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => Object.hasOwn(a, key) && Object.hasOwn(b, key) && isEqual(a[key], b[key]));
};

/** What a merge patch has to say so that `before` becomes `after`; a member that is gone is null in it. */
export function mergePatchOf(before: JsonObject, after: JsonObject): JsonObject {
  const patch = Object.create(null) as JsonObject;
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, wanted] = [before[key], after[key]];
    if (isEqual(old, wanted)) continue;
    patch[key] = isObject(old) && isObject(wanted) ? mergePatchOf(old, wanted) : (wanted ?? null);
  }
  return patch;
}
