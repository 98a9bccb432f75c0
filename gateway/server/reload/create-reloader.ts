/**
 * When to reload: one at a time, after a short quiet, so that a hundred changes in a row are one and the last one wins (F39).
 */
export interface ReloaderOptions<Outcome> {
  /** Never rejects. */
  readonly run: () => Promise<Outcome>;
  /** Nothing may have changed for this long; nobody waits longer than `maxMs`. */
  readonly quietMs: number;
  readonly maxMs: number;
  readonly now?: () => number;
  readonly schedule?: (action: () => void, delayMs: number) => () => void;
}

export interface Reloader<Outcome> {
  /** Something has changed: reloads before long. */
  note(): void;
  /** Reloads as soon as a reload under way is over. */
  reload(): Promise<Outcome>;
  readonly isRunning: boolean;
  /** No reload begins any more; resolves when the one under way is over. */
  close(): Promise<void>;
}

const systemSchedule = (action: () => void, delayMs: number): (() => void) => {
  const timer = setTimeout(action, delayMs).unref();
  return () => clearTimeout(timer);
};

export function createReloader<Outcome>(options: ReloaderOptions<Outcome>): Reloader<Outcome> {
  const { run, quietMs, maxMs, now = () => performance.now(), schedule = systemSchedule } = options;
  let queue: Promise<unknown> = Promise.resolve();
  let running = 0;
  let isClosed = false;
  /** Since when a change waits. */
  let notedAt: number | undefined;
  let cancel = () => {};

  const reload = (): Promise<Outcome> => {
    // It reads what is there when it begins, so whatever was noted until then is in it.
    cancel();
    notedAt = undefined;
    running++;
    const result = queue.then(run).finally(() => running--);
    queue = result;
    return result;
  };
  return {
    note() {
      if (isClosed) return;
      notedAt ??= now();
      cancel();
      const leftMs = Math.max(0, notedAt + maxMs - now());
      cancel = schedule(
        () => {
          // While one runs there is no point in queueing more than one.
          if (!isClosed) void reload();
        },
        Math.min(quietMs, leftMs),
      );
    },
    reload,
    get isRunning() {
      return running > 0;
    },
    async close() {
      isClosed = true;
      cancel();
      await queue;
    },
  };
}
