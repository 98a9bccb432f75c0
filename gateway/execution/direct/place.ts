/** Where a composite value of an answer stands: the way up to the root, for paths of errors and for nulls passed up. */
import type { Members } from '../own-members.ts';

export interface Place {
  /** Undefined at the root. */
  readonly up: Place | undefined;
  readonly container: Members | unknown[];
  readonly key: string | number;
  readonly isNonNull: boolean;
}

/** The path of a field or item below a place. */
export function pathTo(place: Place, key: string | number): (string | number)[] {
  const path = [key];
  for (let at = place; at.up !== undefined; at = at.up) path.push(at.key);
  return path.toReversed();
}

/** What stands at the place cannot be given: the nearest place above that may be null becomes null (6.4.4). */
export function dropAt(place: Place): void {
  let at = place;
  while (at.isNonNull && at.up !== undefined) at = at.up;
  (at.container as Record<string | number, unknown>)[at.key] = null;
}
