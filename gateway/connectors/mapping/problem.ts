/**
 * What a mapping could not read (connectors.md 8.1). A problem never throws: the value is missing and the problem says
 * why, with the input path and the place in the mapping text.
 */
import type { Span } from './ast.ts';

export type ProblemCode =
  | 'PROPERTY_MISSING'
  | 'VARIABLE_MISSING'
  | 'METHOD_UNKNOWN'
  | 'METHOD_INPUT'
  | 'METHOD_ARGUMENT'
  | 'METHOD_FAILED'
  | 'MATCH_NONE'
  | 'CONDITION_NOT_BOOLEAN'
  | 'SPREAD_NOT_OBJECT'
  | 'SPREAD_MISSING'
  | 'LOSSY_MERGE'
  | 'DUPLICATE_KEY'
  | 'TYPE_UNKNOWN'
  | 'TOO_DEEP';

export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  /** Keys and indexes from the input; `->method` for values that came out of a method. */
  readonly path: readonly (string | number)[];
  /** Offsets in the mapping text. */
  readonly span: Span;
  /** The names and indexes that were being written when it arose; only when the evaluation traces its output. */
  readonly output?: readonly (string | number)[];
}

/**
 * An input path as a chain, so that a step forward costs one small object. Undefined is the root. A loop moves the key of
 * its own link: paths are copied when a problem is noted, never kept.
 */
export interface InputPath {
  readonly parent: InputPath | undefined;
  key: string | number;
}

/** The keys of a path chain, outermost first. */
export function pathKeys(path: InputPath | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let node = path; node; node = node.parent) keys.push(node.key);
  return keys.toReversed();
}

/** Equal problems (message, path, place) are kept once, in the order they arose. */
export function distinctProblems(problems: readonly Problem[]): Problem[] {
  if (problems.length < 2) return [...problems];
  const seen = new Map<string, Problem>();
  for (const problem of problems) {
    const key = JSON.stringify([problem.message, problem.path, problem.span.start, problem.span.end]);
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()];
}
