/** A request that is not executed (facade.md 3.2). It names a problem; the status is chosen by `decide` alone. */
import type { ProblemItem } from './problem.ts';
import type { ProblemName } from './problem-types.ts';

export interface Refusal {
  /** The row of the decision table, such as `P13`: for logs and tests. */
  readonly row: string;
  readonly problem: ProblemName;
  readonly detail: string;
  readonly errors?: readonly ProblemItem[];
  readonly headers?: Readonly<Record<string, string>>;
}
