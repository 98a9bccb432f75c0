/** What goes on after its request was answered: a stop waits for it as for requests, then tells it to end. */

export interface BackgroundWork {
  /** Aborts when the grace time of a stop is over. */
  readonly stopping: AbortSignal;
  track(work: Promise<unknown>): void;
  /** Resolves when all has ended, or was told to and has. */
  close(graceMs: number): Promise<void>;
}

export function createBackgroundWork(): BackgroundWork {
  const controller = new AbortController();
  const pending = new Set<Promise<unknown>>();
  return {
    stopping: controller.signal,
    track(work) {
      const settled = work.catch(() => {}).finally(() => pending.delete(settled));
      pending.add(settled);
    },
    async close(graceMs) {
      const timer = setTimeout(() => controller.abort(), graceMs);
      await Promise.all(pending);
      clearTimeout(timer);
      controller.abort();
    },
  };
}
