/**
 * Stops calling a service that fails, and tries again by itself (upstream.md, section 5). Sees calls, not attempts. The states
 * are in `circuit.ts`; here is how a call meets them.
 */
import type { Call, Policy } from '../call.ts';
import { callError, outcomeOfError, outcomeOfResponse } from '../classify.ts';
import type { Clock, RandomSource } from '../clock.ts';
import type { EmitUpstreamEvent } from '../events.ts';
import type { UpstreamSettings } from '../settings.ts';
import { Circuit, type CircuitPosition } from './circuit.ts';

export interface BreakerOptions {
  readonly service: string;
  readonly settings: UpstreamSettings['breaker'];
  readonly attemptMs: number;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly emit: EmitUpstreamEvent;
}

/** One circuit, for the operator. */
export interface BreakerStatus {
  /** Empty where there is one for the whole service. */
  readonly connector: string;
  readonly position: CircuitPosition;
  /** Held there by the operator. */
  readonly isForced: boolean;
}

export interface Breaker {
  readonly policy: Policy;
  positions(): readonly BreakerStatus[];
  /** Holds all its circuits open or closed, also those to come; undefined lets them go. */
  force(position: 'open' | 'closed' | undefined): void;
}

/**
 * The breaker of one service: one circuit, one for each of its connectors, or one for those that ask for their own. Never one
 * a URL, which would be without number.
 */
export function createBreaker({ service, settings, attemptMs, clock, random, emit }: BreakerOptions): Breaker {
  const circuits = new Map<string, Circuit>();
  let forced: 'open' | 'closed' | undefined;

  const keyOf = ({ request: { breakerKey, connector = '' } }: Call): string =>
    breakerKey ?? (settings.scope === 'connector' ? connector : '');

  const circuitOf = (connector: string): Circuit => {
    let circuit = circuits.get(connector);
    if (circuit === undefined) {
      circuit = new Circuit({
        settings,
        slowMs: settings.slowCalls.time * attemptMs,
        clock,
        random,
        onTransition: (transition) =>
          emit({ kind: 'breaker-changed', service, ...(connector === '' ? {} : { connector }), ...transition }),
      });
      if (forced !== undefined) circuit.force(forced);
      circuits.set(connector, circuit);
    }
    return circuit;
  };

  /** Not an async function: this is the way of every call, and each of those costs as much as the states themselves. */
  const policy: Policy = (call, next) => {
    const circuit = circuitOf(keyOf(call));
    const pass = circuit.enter();
    if (pass.kind === 'refused') return Promise.reject(refuse(call, pass.retryAfterMs));
    const { generation, isProbe } = pass;
    // A probe is one attempt; and nothing is repeated once the circuit has opened.
    call.progress.mayRepeat = () => !isProbe && circuit.isCurrent(generation);
    const startedAt = clock.now();
    return next(call).then(
      (response) => {
        circuit.leave(generation, outcomeOfResponse(response, settings.failureStatuses), clock.now() - startedAt);
        return response;
      },
      (error: unknown) => {
        circuit.leave(generation, outcomeOfError(error), clock.now() - startedAt);
        throw error;
      },
    );
  };

  return {
    policy,
    positions: () => [...circuits].map(([connector, { position, isForced }]) => ({ connector, position, isForced })),
    force(position) {
      forced = position;
      for (const circuit of circuits.values()) circuit.force(position);
    },
  };
}

const refuse = (call: Call, retryAfterMs: number) =>
  callError(call, 'CIRCUIT_OPEN', { reason: 'breaker', retryAfterMs: Math.ceil(retryAfterMs) });
