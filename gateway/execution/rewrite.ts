/** The plan's rewrites: aliases that the planner needed are undone, and names of types are set. */
import type { Rewrite } from '../planning/query-planner.ts';
import { isMembers, readOwn, writeOwn, type Members } from './own-members.ts';
import type { IsOfType } from './type-test.ts';

const FRAGMENT = '... on ';

/** Changes the value in place. */
export type ApplyRewrites = (value: unknown) => void;

/** Undefined when there is nothing to do. */
export function compileRewrites(rewrites: readonly Rewrite[], isOfType: IsOfType): ApplyRewrites | undefined {
  if (rewrites.length === 0) return undefined;
  const steps = rewrites.map((rewrite) => compileStep(rewrite.path, actionOf(rewrite), isOfType));
  return (value) => {
    for (const step of steps) step(value);
  };
}

function actionOf(rewrite: Rewrite): (object: Members) => void {
  const member = rewrite.path.at(-1)!;
  if (rewrite.kind === 'set') return (object) => writeOwn(object, member, rewrite.value);
  return (object) => {
    const value = readOwn(object, member);
    if (value === undefined) return;
    writeOwn(object, rewrite.name, value);
    Reflect.deleteProperty(object, member);
  };
}

function compileStep(path: readonly string[], act: (object: Members) => void, isOfType: IsOfType): ApplyRewrites {
  const [element, ...rest] = path;
  const next = rest.length > 0 ? compileStep(rest, act, isOfType) : undefined;
  const visit = (object: Members): void => {
    if (next === undefined) return act(object);
    if (!element!.startsWith(FRAGMENT)) return next(readOwn(object, element!));
    const typename = object['__typename'];
    if (typeof typename !== 'string' || isOfType(typename, element!.slice(FRAGMENT.length))) next(object);
  };
  const each: ApplyRewrites = (value) => {
    if (Array.isArray(value)) value.forEach(each);
    else if (isMembers(value)) visit(value);
  };
  return each;
}

/** Where an error of the subgraph is in the answer, once renamed; indices stay. */
export function renamePath(path: readonly (string | number)[], rewrites: readonly Rewrite[]): (string | number)[] {
  const renamed = [...path];
  for (const rewrite of rewrites) {
    if (rewrite.kind !== 'rename') continue;
    const names = rewrite.path.filter((element) => !element.startsWith(FRAGMENT));
    const places = path.flatMap((element, index) => (typeof element === 'string' ? [index] : []));
    const last = places[names.length - 1];
    if (last !== undefined && names.every((name, index) => path[places[index]!] === name)) renamed[last] = rewrite.name;
  }
  return renamed;
}
