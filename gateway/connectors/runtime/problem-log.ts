/**
 * What went wrong while one call was built and read, part by part (connectors.md 12.4, 14.4). Kept only for those who look
 * at it: strict mode and the debugger.
 */
import type { Span } from '../mapping/ast.ts';
import type { CompiledMapping } from '../mapping/compile.ts';
import type { Variables } from '../mapping/frame.ts';
import type { Problem } from '../mapping/problem.ts';
import type { Maybe, Value } from '../mapping/value.ts';
import type { StringValueNode } from 'graphql';

/** The parts of a connector, in the order in which a debugger lists them. */
export const problemLocations = [
  ...(['RequestBody', 'SourceUrl', 'SourcePath', 'SourceQueryParams', 'ConnectUrl', 'ConnectPath'] as const),
  ...(['ConnectQueryParams', 'SourceHeaders', 'ConnectHeaders', 'IsSuccess', 'Selection', 'ErrorsMessage'] as const),
  ...(['SourceErrorsExtensions', 'ConnectErrorsExtensions'] as const),
] as const;

export type ProblemLocation = (typeof problemLocations)[number];

/** A mapping in the file, or a hole of a template. */
export interface LoggedPart {
  readonly evaluate: CompiledMapping;
  readonly node?: StringValueNode;
  /** Of the mapping in the text of `node`. */
  readonly offset?: number;
}

export interface LoggedProblem {
  readonly location: ProblemLocation;
  readonly problem: Problem;
  /** Belongs to the path of the URL, without which a call would go elsewhere. */
  readonly isInPath: boolean;
  readonly node: StringValueNode | undefined;
  readonly span: Span;
}

export class ProblemLog {
  readonly problems: LoggedProblem[] = [];

  note(location: ProblemLocation, part: LoggedPart, problems: readonly Problem[], isInPath = false): void {
    const { node, offset = 0 } = part;
    for (const problem of problems) {
      const span = { start: problem.span.start + offset, end: problem.span.end + offset };
      this.problems.push({ location, problem, isInPath, node, span });
    }
  }
}

/** Where the problems of a part go. */
export interface LogPlace {
  readonly log: ProblemLog;
  readonly location: ProblemLocation;
  readonly isInPath?: boolean;
}

/** The value of a part; its problems go to the log, if somebody looks at it. */
export function evaluateLogged(part: LoggedPart, input: Value, variables: Variables, to: LogPlace | undefined): Maybe {
  const { value, problems } = part.evaluate(input, variables);
  if (to && problems.length > 0) to.log.note(to.location, part, problems, to.isInPath);
  return value;
}
