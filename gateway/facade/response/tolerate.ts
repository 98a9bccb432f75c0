/** Which errors leave the answer a success (facade.md 3.4, step 2), and which one wins when one does not (step 4). */
import type { FieldShape, Route } from '../routes/route.ts';
import type { ClassifiedError } from './classify-error.ts';

export interface ToleranceFacts {
  readonly hasResult: boolean;
  readonly hasRoot: boolean;
  /** `Prefer: handling=lenient`. */
  readonly isLenient: boolean;
}

/** M1 and O5: the write happened. Its root is there, or was lost to a field below it, so the root call had completed. */
export const isWriteDone = (route: Route, error: ClassifiedError, hasRoot: boolean): boolean =>
  route.isMutation && error.path.length > 1 && (hasRoot || !error.isRoot);

/** Does a path of the answer, below a field, pass through an `@optional` selection? */
function passesOptional(field: FieldShape, path: readonly (string | number)[]): boolean {
  const keys = path.filter((part) => typeof part === 'string');
  const [key, ...rest] = keys;
  if (key === undefined) return false;
  for (const variant of field.selection?.variants.values() ?? []) {
    const next = variant.fields.get(key);
    if (next && (next.optional || passesOptional(next, rest))) return true;
  }
  return false;
}

/** May the answer be a success in spite of the error? */
export function isTolerated(route: Route, error: ClassifiedError, facts: ToleranceFacts): boolean {
  if (isWriteDone(route, error, facts.hasRoot)) return true;
  if (!facts.hasResult) return false;
  const { resultPath } = route;
  const isBelow = error.path.length > resultPath.length && resultPath.every((key, i) => error.path[i] === key);
  if (!isBelow) return false;
  if (passesOptional(route.result, error.path.slice(resultPath.length))) return true;
  return route.partial === 'ALLOW' || (route.partial === 'ON_REQUEST' && facts.isLenient);
}

/** Who you are, what you may, what you said, what is not there, its state, how often, then whose fault. */
const precedence = [401, 403, 422, 400, 404, 410, 451, 412, 409, 423, 428, 402, 413, 429, 504, 503, 502, 500];

const rank = (status: number): number => {
  const index = precedence.indexOf(status);
  if (index >= 0) return index;
  return status < 500 ? precedence.indexOf(413) : precedence.length;
};

/** The error whose status the answer takes. After an unsafe call was sent, a failure means an unknown state and wins. */
export function pickWinner(errors: readonly ClassifiedError[], isUnsafe: boolean): ClassifiedError {
  const isUnknownState = (error: ClassifiedError) => isUnsafe && error.status >= 500 && error.dispatched;
  const ordered = errors.toSorted(
    (a, b) => Number(isUnknownState(b)) - Number(isUnknownState(a)) || rank(a.status) - rank(b.status),
  );
  return ordered[0]!;
}
