/**
 * What a compiled mapping sees while it runs: `$` and `@` with their paths, the variables, the names bound by `->as`, and
 * where problems go (connectors.md 8.4).
 */
import type { Span } from './ast.ts';
import { pathKeys, type InputPath, type Problem, type ProblemCode } from './problem.ts';
import type { Maybe, Value } from './value.ts';

/** By name with its `$`; what is absent is missing. */
export type Variables = Readonly<Record<string, Maybe>>;

/** One evaluation. */
export class Run {
  readonly variables: Variables;
  problems: Problem[] = [];
  /** Where the output is being written, when that is wanted. */
  readonly output: (string | number)[] | undefined;

  constructor(variables: Variables, tracesOutput: boolean) {
    this.variables = variables;
    this.output = tracesOutput ? [] : undefined;
  }

  /** Notes a problem; gives missing, so that callers can return it. */
  report(code: ProblemCode, message: string, path: InputPath | undefined, span: Span): undefined {
    const { output } = this;
    this.problems.push({ code, message, path: pathKeys(path), span, ...(output ? { output: [...output] } : {}) });
  }
}

/** A name bound by `->as($name)`. */
export interface Binding {
  readonly name: string;
  readonly value: Value;
  readonly next: Binding | undefined;
}

/** A loop moves its frame from element to element: nothing may keep one beyond the evaluation of an expression. */
export interface Frame {
  readonly run: Run;
  scope: Value;
  readonly scopePath: InputPath | undefined;
  current: Value;
  readonly currentPath: InputPath | undefined;
  readonly bindings: Binding | undefined;
}

/** A compiled expression. */
export type Evaluate = (frame: Frame) => Maybe;
