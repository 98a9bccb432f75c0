/**
 * Which of the leaves that a client received it needed. A leaf is a member with a scalar value; one is needed when the answer
 * to the need has the same member with the same value, as often. Bytes are those of name and value in JSON.
 */
import type { Json } from '../facade/index.ts';

interface Leaf {
  readonly name: string;
  readonly value: Json;
}

export function leavesOf(value: Json, name = ''): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, name));
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([member, inner]) => leavesOf(inner, member));
  }
  return [{ name, value }];
}

const bytesOf = ({ name, value }: Leaf): number => Buffer.byteLength(JSON.stringify(name) + JSON.stringify(value)) + 1;

export interface LeafCount {
  /** Needed and not received, as `title`. */
  readonly missing: readonly string[];
  /** Share of the received bytes of leaves that nobody needed, 0 to 1; undefined when nothing was received. */
  readonly overFetch: number | undefined;
}

/** `matchValues` is off where each run has values of its own; then names count alone. */
export function compareLeaves(needed: Json, received: readonly Json[], matchValues = true): LeafCount {
  const keyOf = ({ name, value }: Leaf) => (matchValues ? JSON.stringify([name, value]) : name);
  const open = new Map<string, Leaf[]>();
  for (const leaf of leavesOf(needed)) {
    const list = open.get(keyOf(leaf));
    if (list === undefined) open.set(keyOf(leaf), [leaf]);
    else list.push(leaf);
  }
  let total = 0;
  let useful = 0;
  for (const leaf of received.flatMap((body) => leavesOf(body))) {
    const bytes = bytesOf(leaf);
    total += bytes;
    if (open.get(keyOf(leaf))?.pop() !== undefined) useful += bytes;
  }
  const missing = [...open.values()].flat().map(({ name }) => name);
  return { missing: [...new Set(missing)], overFetch: total === 0 ? undefined : 1 - useful / total };
}
