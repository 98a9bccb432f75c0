/**
 * Refuses requests that the process has no room for (upstream.md, section 6): beyond a number of operations, and while the event
 * loop is late. Introspection goes first, then queries, mutations last. What is let in must still be answered in good time.
 */
export type WorkKind = 'introspection' | 'query' | 'mutation';

export interface LoadGuardSettings {
  readonly operations: number;
  readonly loopDelayMs: number;
  readonly loopDelayForMs: number;
  readonly retryAfterMs: number;
}

export interface LoadGuardOptions {
  readonly settings: () => LoadGuardSettings;
  /** Hears when refusing by delay begins and ends, not of each refusal. */
  readonly onChange: (isShedding: boolean, delayMs: number) => void;
}

export interface LoadGuard {
  /** Undefined when the request is to be refused; else to be called when it is over. The kind is asked for when it matters. */
  readonly enter: (kindOf: () => WorkKind) => (() => void) | undefined;
  /** The delay of the event loop, p99 since the last sample, on a monotonic clock in milliseconds. */
  readonly sample: (delayMs: number, now: number) => void;
  readonly state: {
    readonly operations: number;
    readonly delayMs: number;
    /** Share of the queries that is refused. */
    readonly pressure: number;
    readonly refused: Readonly<Record<WorkKind, number>>;
  };
}

/** Share of `operations` up to which work of each kind is let in. */
const ROOM: Readonly<Record<WorkKind, number>> = { introspection: 0.8, query: 0.9, mutation: 1 };

/** Refusing everything at once would swing between nothing and too much, so the share grows and falls by this. */
const STEP = 0.25;

export function createLoadGuard({ settings, onChange }: LoadGuardOptions): LoadGuard {
  let operations = 0;
  let delayMs = 0;
  let pressure = 0;
  /** Since when the delay is on this side of the limit. */
  let side: { readonly isLate: boolean; since: number } | undefined;
  /** Adds up the share, so that which request is refused is no matter of chance. */
  let due = 0;
  const refused: Record<WorkKind, number> = { introspection: 0, query: 0, mutation: 0 };

  const isRefusedByDelay = (kind: WorkKind): boolean => {
    if (pressure === 0) return false;
    if (kind === 'introspection') return true;
    // Writes are refused once refusing every query was not enough.
    const share = kind === 'query' ? Math.min(1, pressure) : Math.max(0, pressure - 1);
    due += share;
    if (due < 1) return false;
    due -= 1;
    return true;
  };
  const hasRoomFor = (kind: WorkKind): boolean =>
    operations < Math.max(1, Math.floor(settings().operations * ROOM[kind]));
  return {
    enter(kindOf) {
      // Where there is room for what goes first, there is room for everything.
      if (pressure > 0 || !hasRoomFor('introspection')) {
        const kind = kindOf();
        if (!hasRoomFor(kind) || isRefusedByDelay(kind)) {
          refused[kind]++;
          return undefined;
        }
      }
      operations++;
      let isOver = false;
      return () => {
        if (!isOver) operations--;
        isOver = true;
      };
    },
    sample(measuredMs, now) {
      delayMs = measuredMs;
      const { loopDelayMs, loopDelayForMs } = settings();
      const isLate = measuredMs > loopDelayMs;
      // A delay says how long the loop has been late already.
      if (side?.isLate !== isLate) side = { isLate, since: isLate ? now - measuredMs : now };
      if (now - side.since < loopDelayForMs) return;
      side.since = now;
      const before = pressure;
      pressure = Math.min(1.5, Math.max(0, pressure + (isLate ? STEP : -STEP)));
      if (pressure === 0) due = 0;
      if ((before === 0) !== (pressure === 0)) onChange(pressure > 0, measuredMs);
    },
    get state() {
      return { operations, delayMs, pressure, refused };
    },
  };
}
