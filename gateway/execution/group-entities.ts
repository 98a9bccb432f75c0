/**
 * Equal representations are sent once: objects are grouped by what is sent of them. An answer repeats the same few entities
 * at hundreds of places, so the way to a group that is known already makes no text and no object.
 */
import { stringifyJson } from '../upstream/index.ts';
import type { FetchStep } from '../planning/query-planner.ts';
import { readOwn, type Members } from './own-members.ts';
import { compileRewrites } from './rewrite.ts';
import { compileRepresentation, leavesOfRepresentation } from './select-representation.ts';
import type { IsOfType } from './type-test.ts';

/** What is sent of an entity; an object that reads like one of the answer, and belongs to nobody else. */
export interface Representation {
  readonly value: Members;
  /** The same as JSON. */
  readonly text: string;
  /** What the answer so far says of the type of the entity. */
  readonly typename: unknown;
}

export interface EntityGroup {
  readonly representation: Representation;
  /** The objects that it stands for. */
  readonly objects: Members[];
}

/** By the text of the representation, in the order in which they were found first. */
export type GroupEntities = (objects: readonly Members[]) => ReadonlyMap<string, EntityGroup>;

export function compileGrouping(step: FetchStep, isOfType: IsOfType): GroupEntities {
  const select = compileRepresentation(step.requires, isOfType);
  const rewriteInput = compileRewrites(step.inputRewrites, isOfType);
  const leaves = leavesOfRepresentation(step.requires);
  /** Null for an object that cannot be asked for. */
  const represent = (object: Members): Members | null => {
    const representation = select(object);
    if (representation === null || typeof representation['__typename'] !== 'string') return null;
    rewriteInput?.(representation);
    return representation;
  };
  return (objects) => {
    const groups = new Map<string, EntityGroup>();
    const known = leaves === undefined ? undefined : createLeafIndex(leaves);
    for (const object of objects) {
      const found = known?.find(object);
      if (found !== undefined) {
        found.objects.push(object);
        continue;
      }
      const value = represent(object);
      if (value === null) continue;
      const text = stringifyJson(value);
      let group = groups.get(text);
      if (group === undefined) {
        group = { objects: [object], representation: { value, text, typename: object['__typename'] } };
        groups.set(text, group);
      } else group.objects.push(object);
      known?.add(object, group);
    }
    return groups;
  };
}

interface LeafIndex {
  find(object: Members): EntityGroup | undefined;
  add(object: Members, group: EntityGroup): void;
}

interface Level {
  readonly next: Map<unknown, Level>;
  group?: EntityGroup;
}

const createLevel = (): Level => ({ next: new Map() });

/** Objects whose leaves are the same values are sent as the same text. A leaf that is an object finds nothing. */
function createLeafIndex(names: readonly string[]): LeafIndex {
  const root = createLevel();
  return {
    find(object) {
      let level: Level | undefined = root;
      for (let index = 0; index < names.length && level !== undefined; index++) {
        level = level.next.get(readOwn(object, names[index]!));
      }
      return level?.group;
    },
    add(object, group) {
      let level = root;
      for (const name of names) {
        const value = readOwn(object, name);
        let next = level.next.get(value);
        if (next === undefined) level.next.set(value, (next = createLevel()));
        level = next;
      }
      level.group = group;
    },
  };
}
