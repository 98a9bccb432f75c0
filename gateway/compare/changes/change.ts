/** A change of an API, what it does to clients, and the step of the version it asks for (facade.md, section 6). */

/** `dangerous`: nothing that was promised is gone, but a client may behave in another way. */
export type Severity = 'breaking' | 'dangerous' | 'safe';

export interface Change {
  readonly severity: Severity;
  /** Such as `GET /books 200 nodes[].price`, or `Book.price`. */
  readonly place: string;
  readonly what: string;
  /** What it means for a client. */
  readonly reason: string;
}

/** The step of semantic versioning; undefined when nothing changed. */
export type Step = 'major' | 'minor' | 'patch';

const order: readonly Severity[] = ['breaking', 'dangerous', 'safe'];

/** The worst first, each kind in the order it was found. */
export const sortChanges = (changes: readonly Change[]): Change[] =>
  changes.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));

/** The step that a list of changes asks for: nothing that a client can notice is a patch. */
export function stepOf(changes: readonly Change[]): Step {
  if (changes.some(({ severity }) => severity === 'breaking')) return 'major';
  return changes.length > 0 ? 'minor' : 'patch';
}

const majorOf = (version: string): number | undefined => {
  const match = /^(\d+)(?:\.|$)/.exec(version);
  return match ? Number(match[1]) : undefined;
};

/** May a step of this size lie between the versions? A breaking one needs a new major, once a major is published. */
export function isStepAllowed(step: Step, from: string | undefined, to: string | undefined): boolean {
  if (step !== 'major') return true;
  const [before, after] = [majorOf(from ?? ''), majorOf(to ?? '')];
  if (before === undefined || after === undefined) return false;
  return before === 0 || after > before;
}
