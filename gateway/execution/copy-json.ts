/** A copy of a value that was parsed from JSON, for whoever has to change it. */
import { writeOwn, type Members } from './own-members.ts';

export function copyJson<Value>(value: Value): Value {
  return copy(value) as Value;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(copy(item));
    return items;
  }
  const members: Members = {};
  for (const name of Object.keys(value)) writeOwn(members, name, copy((value as Members)[name]));
  return members;
}
