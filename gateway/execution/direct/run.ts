/** One run of a compiled operation: what its fields share, and when it is done. */
import { locatedError, type FieldNode, type GraphQLError } from 'graphql';
import type { ConnectorContext, Gained, ValueObject } from '../../connectors/index.ts';
import { pathTo, type Place } from './place.ts';

/** The value cannot be given, and the error is noted: the null goes on to the next place above. */
export const FAILED = Symbol('failed');

/** What becomes of a field when its connector has answered, or could not even be asked. */
type Continue = (gained: Gained | undefined, fault: unknown) => void;

export interface Run {
  readonly context: ConnectorContext;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly errors: GraphQLError[];
  /** Coerced once for all objects that have the field. */
  readonly args: Map<object, ValueObject>;
  readonly waiting: Map<Promise<Gained>, Continue[]>;
  /** Called when nothing is waited for any more. */
  onIdle: (() => void) | undefined;
}

export const createRun = (context: ConnectorContext, variables: Readonly<Record<string, unknown>>): Run => ({
  context,
  variables,
  errors: [],
  args: new Map(),
  waiting: new Map(),
  onIdle: undefined,
});

/** Resolves when nothing is waited for. */
export function untilIdle(run: Run): Promise<void> | undefined {
  if (run.waiting.size === 0) return undefined;
  return new Promise((resolve) => {
    run.onIdle = resolve;
  });
}

/** Many objects wait for one and the same call, so they stand in one queue and cost no promise each. */
export function whenGained(run: Run, gaining: Promise<Gained>, proceed: Continue): void {
  const queue = run.waiting.get(gaining);
  if (queue !== undefined) {
    queue.push(proceed);
    return;
  }
  const started = [proceed];
  run.waiting.set(gaining, started);
  const settle = (gained: Gained | undefined, fault?: unknown): void => {
    // Whoever comes while the queue is being served is served by it too
    for (let index = 0; index < started.length; index++) started[index]!(gained, fault);
    run.waiting.delete(gaining);
    if (run.waiting.size === 0) run.onIdle?.();
  };
  gaining.then(settle, (fault: unknown) => settle(undefined, fault));
}

/** Notes what was thrown for a field or an item; its own path wins, where it has one. */
export function noteError(run: Run, error: unknown, nodes: readonly FieldNode[], place: Place, key: string | number) {
  run.errors.push(locatedError(error, nodes, pathTo(place, key)));
}
