/** Puts what a fetch brought into the answer so far. Objects are placed by reference; nothing is copied. */
import { isMembers, readOwn, writeOwn, type Members } from './own-members.ts';

/**
 * `source` wins where both have a scalar. An object that another fetch gave stays when this one says null: each
 * subgraph answers for its own fields only, and the error says which are missing.
 */
export function mergeAnswer(target: Members, source: Members): void {
  mergeMembers(target, source, Object.keys(source));
}

/** The same for one entity that stands at many places. */
export function mergeIntoAll(targets: readonly Members[], source: Members): void {
  const names = Object.keys(source);
  for (const target of targets) mergeMembers(target, source, names);
}

function mergeMembers(target: Members, source: Members, names: readonly string[]): void {
  for (const name of names) {
    const value = source[name];
    if (value === undefined) continue;
    const existing = readOwn(target, name);
    if (existing === undefined || existing === value || !mergeValue(existing, value)) writeOwn(target, name, value);
  }
}

/** False when `value` has to take the place of `existing`. */
function mergeValue(existing: unknown, value: unknown): boolean {
  if (typeof existing !== 'object' || existing === null) return false;
  if (value === null) return true;
  if (Array.isArray(existing)) {
    if (!Array.isArray(value) || value.length !== existing.length) return false;
    for (let index = 0; index < value.length; index++) {
      if (!mergeValue(existing[index], value[index])) existing[index] = value[index];
    }
    return true;
  }
  if (!isMembers(value)) return false;
  if (value !== existing) mergeAnswer(existing as Members, value);
  return true;
}
