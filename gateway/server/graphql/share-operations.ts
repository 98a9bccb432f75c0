/**
 * Equal queries in flight share one execution. Whoever comes first leads: the execution has a signal and a deadline of its
 * own, so that the leader may leave while others wait, and it ends when the last one has left. Only queries are shared:
 * as soon as it is known that the operation is something else, everybody who waits runs it for himself.
 */
import type { OperationKind } from '../../execution/request-context.ts';
import type { Answer } from '../http/answer.ts';

/** One client that waits. */
export interface Caller {
  readonly requestId: string;
  /** On the clock of the sharing. */
  readonly deadlineAt: number;
  /** Calls back when the client has left before its answer was written; at once when it already has. */
  onLeave(leave: () => void): void;
}

/** What an execution is given; the same whether it is shared or not. */
export interface Run {
  readonly requestId: string;
  /** Aborts when nobody waits any more, or at the deadline. */
  readonly signal: AbortSignal;
  readonly deadlineAt: number;
  /** To be told as soon as it is known what the operation does. */
  noteOperation(kind: OperationKind): void;
}

export type Execute = (run: Run) => Promise<Answer>;

export interface SharingOptions {
  readonly now?: () => number;
  /** Runs the action after a delay; gives back what takes it away. */
  readonly schedule?: (action: () => void, delayMs: number) => () => void;
  /** Hears of each mutation that has ended, however it came. */
  readonly onWrite?: () => void;
  /** Runs the action once the requests are read that have arrived already: they join before the execution begins. */
  readonly defer?: (action: () => void) => void;
}

/** Requests that are equal in one of both ask for the same. */
export interface SharingKey {
  readonly text: string;
  /** Costs more to make, so it is asked for only when the text is unknown. */
  readonly meaning: () => string | undefined;
  /** The client wants no answer that was there before it asked. */
  readonly wantsNew: boolean;
}

export interface OperationSharing {
  /** The answer of an execution that is under way for the same key, or of a new one. */
  join(key: SharingKey, caller: Caller, execute: Execute): Promise<Answer>;
  /** An execution for this caller alone. */
  runAlone(caller: Caller, execute: Execute): Promise<Answer>;
  /** A mutation that came by another way has ended: nobody joins what was asked before. */
  readonly noteWrite: () => void;
}

/** How a flight ended, for those who joined it: with bytes for all, for its leader alone, or by a deadline that is not theirs. */
type Landing =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'not-shared' }
  | { readonly kind: 'expired' };

interface Flight {
  /** Under which others find it. */
  readonly keys: string[];
  readonly deadlineAt: number;
  /** Rejects only by a fault of ours. */
  readonly answer: Promise<Answer>;
  readonly landing: Promise<Landing>;
  enter(caller: Caller): void;
}

const systemSchedule = (action: () => void, delayMs: number): (() => void) => {
  const timer = setTimeout(action, delayMs);
  return () => clearTimeout(timer);
};

export function createOperationSharing(options: SharingOptions = {}): OperationSharing {
  const { now = () => performance.now(), schedule = systemSchedule, defer = setImmediate, onWrite } = options;
  const flights = new Map<string, Flight>();
  const noteWrite = (): void => {
    flights.clear();
    onWrite?.();
  };

  /** Under every key that leads to it; `flights` holds only those that may be joined. */
  const start = (keys: readonly string[], leader: Caller, execute: Execute): Flight => {
    let isClosed = false;
    const joinable: string[] = [];
    const flight: Flight = startFlight(leader, afterWrites(execute, noteWrite), {
      keys: joinable,
      schedule: (action) => schedule(action, leader.deadlineAt - now()),
      // Nobody can join an execution without a key, so it waits for nobody.
      begin: keys.length === 0 ? Promise.resolve() : new Promise((resolve) => defer(resolve)),
      onClosed() {
        isClosed = true;
        for (const key of joinable.splice(0)) if (flights.get(key) === flight) flights.delete(key);
      },
    });
    if (!isClosed) for (const key of keys) add(key, flight);
    return flight;
  };
  const add = (key: string, flight: Flight): void => {
    if (flights.has(key)) return;
    flights.set(key, flight);
    flight.keys.push(key);
  };
  const find = ({ text, meaning }: SharingKey): { readonly flight: Flight | undefined; readonly keys: string[] } => {
    const known = flights.get(text);
    if (known !== undefined) return { flight: known, keys: [text] };
    const means = meaning();
    if (means === undefined) return { flight: undefined, keys: [text] };
    const flight = flights.get(means);
    // The next one with these bytes need not be read.
    if (flight !== undefined) add(text, flight);
    return { flight, keys: [text, means] };
  };

  return {
    noteWrite,
    runAlone: (caller, execute) => start([], caller, execute).answer,
    async join(key, caller, execute) {
      for (;;) {
        const { flight, keys } = find(key);
        // An execution that has longer than this client would keep it waiting beyond its own deadline.
        if (flight === undefined || flight.deadlineAt > caller.deadlineAt) return start(keys, caller, execute).answer;
        flight.enter(caller);
        const landing = await flight.landing;
        if (landing.kind === 'answered') return landing.answer;
        if (landing.kind === 'not-shared') return start([], caller, execute).answer;
      }
    },
  };
}

/** What was asked before a mutation ended is not what is asked after it, so nobody joins it any more. */
const afterWrites =
  (execute: Execute, onWritten: () => void): Execute =>
  async (run) => {
    let isWrite = false;
    const noteOperation = (kind: OperationKind): void => {
      isWrite ||= kind === 'mutation';
      run.noteOperation(kind);
    };
    try {
      return await execute({ ...run, noteOperation });
    } finally {
      if (isWrite) onWritten();
    }
  };

interface FlightOptions {
  /** To be filled by those who make it known. */
  readonly keys: string[];
  /** Resolves in a later turn, so that the flight is known before anything of it has happened. */
  readonly begin: Promise<void>;
  readonly schedule: (action: () => void) => () => void;
  /** Called when nobody may join any more. */
  readonly onClosed: () => void;
}

function startFlight(leader: Caller, execute: Execute, { keys, begin, schedule, onClosed }: FlightOptions): Flight {
  const controller = new AbortController();
  let waiting = 0;
  let hasExpired = false;
  let isOver = false;
  let refuse: (landing: Landing) => void = () => {};
  const refused = new Promise<Landing>((resolve) => (refuse = resolve));
  const enter = (caller: Caller): void => {
    waiting++;
    caller.onLeave(() => {
      if (--waiting > 0 || isOver) return;
      // Before the abort: who comes now must not join what is being taken down.
      onClosed();
      controller.abort();
    });
  };
  const stopTimer = schedule(() => {
    hasExpired = true;
    onClosed();
    controller.abort();
  });
  enter(leader);
  const run: Run = {
    requestId: leader.requestId,
    signal: controller.signal,
    deadlineAt: leader.deadlineAt,
    noteOperation(kind) {
      if (kind === 'query') return;
      onClosed();
      refuse({ kind: 'not-shared' });
    },
  };
  const answer = begin
    .then(() => execute(run))
    .finally(() => {
      isOver = true;
      stopTimer();
      onClosed();
    });
  const landed = answer.then((written): Landing => {
    if (hasExpired) return { kind: 'expired' };
    return isForAll(written) ? { kind: 'answered', answer: written } : { kind: 'not-shared' };
  });
  const landing = Promise.race([refused, landed]);
  // Without followers nobody listens here; the leader hears of the fault by its own answer.
  landing.catch(() => {});
  return { keys, deadlineAt: leader.deadlineAt, answer, landing, enter };
}

/** A cookie is for the client that it was made for. */
const isForAll = ({ headers }: Answer): boolean => !headers.has('set-cookie');
