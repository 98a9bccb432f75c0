/** What the connectors brought for one field, and what the answer says of it. */
import type { Shape } from '../mapping/shape.ts';
import { isObject, type Maybe } from '../mapping/value.ts';
import type { Mapped } from './answer.ts';
import type { ConnectorContext } from './connector-context.ts';
import type { Failure, Outcome } from './failure.ts';
import type { Origin } from './lazy-object.ts';
import type { FaultTree } from './strict.ts';
import { everything, type WantedFields } from './wanted.ts';

/** A field's value, or the failure that left it missing. */
export interface Gained {
  readonly value: Maybe;
  readonly origin: Origin;
  readonly failure?: Failure;
}

export const nothing: Gained = { value: undefined, origin: { shape: { kind: 'unknown' }, wanted: everything } };

/** What the schema asks of a field. */
export interface Demand {
  readonly isNonNull: boolean;
  /** Non-null, or part of a key: strict mode "required" looks at these. */
  readonly isRequired: boolean;
}

export function gainedFrom(outcome: Outcome<Mapped>, shape: Shape, wanted: WantedFields): Gained {
  if (outcome.kind === 'failure') return { ...nothing, failure: outcome.failure };
  const { value, faults } = outcome.value;
  return { value, origin: { shape, wanted, faults } };
}

/** The value a field has in the answer; throws the error it has instead. The path is asked for only to report one. */
export function settle(
  { value, origin: { faults }, failure }: Gained,
  { isNonNull, isRequired }: Demand,
  { reportError }: ConnectorContext,
  pathOf: () => readonly (string | number)[],
): Maybe {
  if (failure) return failure.raise(pathOf(), isNonNull);
  const misfit = faults && findMisfit(value, faults);
  const fault = faults?.failure ?? misfit;
  // Strict mode: throws what left a field without a value, or hands over what went wrong beside the value
  if (fault && (faults?.strict !== 'required' || isRequired)) {
    if (value === undefined || (misfit && !Array.isArray(value))) return fault.raise(pathOf(), isRequired);
    if (faults?.strict === 'all') fault.note(pathOf(), reportError);
  }
  return value;
}

/** What went wrong below a text or a number that stands where an object belongs: no field of it will ever be asked for. */
function findMisfit(value: Maybe, faults: FaultTree): Failure | undefined {
  if (value === undefined || value === null || isObject(value)) return undefined;
  if (!Array.isArray(value)) return faults.failure ? undefined : faults.first;
  for (const [index, item] of value.entries()) {
    const below = faults.at(index);
    const found = below && findMisfit(item, below);
    if (found) return found;
  }
  return undefined;
}
