/** Places in an answer: a path of a plan ("@" is every item of a list) names all objects it leads to. */
import { isMembers, readOwn, type Members } from './own-members.ts';

export type ResponsePath = readonly (string | number)[];

/** All objects at the path, in order. Where a null or nothing is on the way there are none. */
export function objectsAt(root: Members, path: readonly string[]): Members[] {
  const found: Members[] = [];
  collect(root, path, 0, found);
  return found;
}

function collect(value: unknown, path: readonly string[], at: number, found: Members[]): void {
  if (Array.isArray(value)) {
    const next = path[at] === '@' ? at + 1 : at;
    for (const item of value) collect(item, path, next, found);
  } else if (isMembers(value)) {
    if (at === path.length) found.push(value);
    else if (path[at] !== '@') collect(readOwn(value, path[at]!), path, at + 1, found);
  }
}

/** Where each object at the path is, by its identity; one placed more than once has several places. */
export function placesAt(root: Members, path: readonly string[]): Map<Members, ResponsePath[]> {
  const places = new Map<Members, ResponsePath[]>();
  locate(root, path, 0, [], places);
  return places;
}

function locate(
  value: unknown,
  path: readonly string[],
  at: number,
  here: (string | number)[],
  places: Map<Members, ResponsePath[]>,
): void {
  if (Array.isArray(value)) {
    const next = path[at] === '@' ? at + 1 : at;
    value.forEach((item, index) => locate(item, path, next, [...here, index], places));
  } else if (isMembers(value)) {
    if (at < path.length) return locate(readOwn(value, path[at]!), path, at + 1, [...here, path[at]!], places);
    const known = places.get(value);
    if (known === undefined) places.set(value, [here]);
    else known.push(here);
  }
}
