/** Long work beside requests: after each few milliseconds of it the event loop has its turn. */
import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 8;

/** Lets everything run that waits. */
export const breathe = (): Promise<void> => nextTurn();

/** Runs steps to their end; a step should take a few milliseconds at most. */
export async function runInSlices<Result>(steps: Generator<void, Result>): Promise<Result> {
  let startedAt = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - startedAt < SLICE_MS) continue;
    await breathe();
    startedAt = performance.now();
  }
}
