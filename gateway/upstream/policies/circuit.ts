/**
 * The state machine of a breaker (upstream.md, section 5), without a call in sight: it is asked before each one and told after.
 *
 * The object that holds a state is its generation. Each entry into a state makes a new one, a pass keeps the one it was
 * given in, and a result whose generation is over is ignored.
 */
import type { Clock, RandomSource } from '../clock.ts';
import type { Outcome } from '../events.ts';
import type { UpstreamSettings } from '../settings.ts';
import { CallWindow } from './call-window.ts';
import { jittered, rampShare } from './ramp.ts';

export type CircuitPosition = 'closed' | 'open' | 'half-open';

type Generation =
  | { readonly kind: 'closed'; readonly window: CallWindow; readonly rampFrom: number | undefined }
  | { readonly kind: 'open'; readonly until: number; readonly waitMs: number }
  | { readonly kind: 'half-open'; readonly waitMs: number; probes: number; successes: number }
  | { readonly kind: 'forced'; readonly position: 'open' | 'closed' };

export type Pass =
  | { readonly kind: 'pass'; readonly isProbe: boolean; readonly generation: object }
  | { readonly kind: 'refused'; readonly retryAfterMs: number };

/** What a transition says to the log. */
export interface CircuitTransition {
  readonly from: CircuitPosition;
  readonly to: CircuitPosition;
  /** Until the next probe, when it opened. */
  readonly waitMs?: number;
  /** What was counted in the window, when that is why it opened. */
  readonly calls?: number;
  readonly failures?: number;
}

export interface CircuitOptions {
  readonly settings: UpstreamSettings['breaker'];
  /** A call longer than this is slow. */
  readonly slowMs: number;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly onTransition: (transition: CircuitTransition) => void;
}

/** What a call is told to wait that comes while a probe is out, or that the ramp turns away. */
const shortWaitMs = 1000;

export class Circuit {
  readonly #options: CircuitOptions;
  #state: Generation;

  constructor(options: CircuitOptions) {
    this.#options = options;
    this.#state = this.#closed(undefined);
  }

  get position(): CircuitPosition {
    return this.#state.kind === 'forced' ? this.#state.position : this.#state.kind;
  }

  /** Held by the operator? */
  get isForced(): boolean {
    return this.#state.kind === 'forced';
  }

  /** May this call go on? Each pass must be given back by `leave`. */
  enter(): Pass {
    const { settings, clock } = this.#options;
    if (this.#state.kind === 'open' && clock.now() >= this.#state.until) {
      this.#become({ kind: 'half-open', waitMs: this.#state.waitMs, probes: 0, successes: 0 });
    }
    const state = this.#state;
    switch (state.kind) {
      case 'open':
        return { kind: 'refused', retryAfterMs: state.until - clock.now() };
      case 'half-open':
        if (state.probes >= settings.probes) return { kind: 'refused', retryAfterMs: shortWaitMs };
        state.probes++;
        return { kind: 'pass', isProbe: true, generation: state };
      case 'closed':
        return this.#isInRamp(state.rampFrom)
          ? { kind: 'pass', isProbe: false, generation: state }
          : { kind: 'refused', retryAfterMs: shortWaitMs };
      case 'forced':
        return state.position === 'closed'
          ? { kind: 'pass', isProbe: false, generation: state }
          : { kind: 'refused', retryAfterMs: settings.openMs };
    }
  }

  /** Has nothing changed since this pass was given? */
  isCurrent(generation: object): boolean {
    return this.#state === generation;
  }

  /** How the call ended that was let in. */
  leave(generation: object, outcome: Outcome, durationMs: number): void {
    const state = this.#state;
    if (state !== generation) return;
    if (state.kind === 'closed') this.#count(state, outcome, durationMs);
    else if (state.kind === 'half-open') this.#judgeProbe(state, outcome);
  }

  /** Holds it open or closed until lifted by undefined; lifted, it starts anew, closed. */
  force(position: 'open' | 'closed' | undefined): void {
    if (position === undefined && this.#state.kind !== 'forced') return;
    this.#become(position === undefined ? this.#closed(undefined) : { kind: 'forced', position });
  }

  #count(state: Generation & { kind: 'closed' }, outcome: Outcome, durationMs: number): void {
    if (outcome === 'neutral') return;
    const { settings, slowMs, clock } = this.#options;
    const { window } = state;
    window.add(clock.now(), outcome === 'failure', durationMs > slowMs);
    const { calls, failures, slow } = window.totals;
    if (calls < settings.minimumCalls) return;
    const isFailing = failures >= calls * settings.failureRate;
    const isSlow = settings.slowCalls.enabled && slow >= calls * settings.slowCalls.rate;
    if (isFailing || isSlow) this.#open(settings.openMs, { calls, failures });
  }

  #judgeProbe(state: Generation & { kind: 'half-open' }, outcome: Outcome): void {
    const { settings, clock } = this.#options;
    state.probes--;
    if (outcome === 'failure') this.#open(Math.min(state.waitMs * 2, settings.openMaxMs), {});
    if (outcome === 'success' && ++state.successes >= settings.successes) this.#become(this.#closed(clock.now()));
  }

  #closed(rampFrom: number | undefined): Generation {
    const { windowMs, buckets } = this.#options.settings;
    return { kind: 'closed', window: new CallWindow(windowMs, buckets), rampFrom };
  }

  /** The wait is doubled without its jitter, so that jitter does not add up. */
  #open(waitMs: number, counted: Pick<CircuitTransition, 'calls' | 'failures'>): void {
    const { settings, clock, random } = this.#options;
    const jitteredMs = jittered(waitMs, settings.jitter, random);
    this.#become({ kind: 'open', until: clock.now() + jitteredMs, waitMs }, { waitMs: jitteredMs, ...counted });
  }

  #isInRamp(rampFrom: number | undefined): boolean {
    const { settings, clock, random } = this.#options;
    if (rampFrom === undefined) return true;
    const share = rampShare(clock.now() - rampFrom, settings.ramp);
    return share >= 1 || random() < share;
  }

  #become(next: Generation, details: Omit<CircuitTransition, 'from' | 'to'> = {}): void {
    const from = this.position;
    this.#state = next;
    const to = this.position;
    if (from !== to) this.#options.onTransition({ from, to, ...details });
  }
}
