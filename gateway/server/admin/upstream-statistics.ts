/**
 * Counts what the calls to services tell (upstream.md, section 12): for `/metrics` since the start, for `/admin/upstreams` as
 * it is now. Fed by events alone, so a call costs a few additions and `upstream/` knows nothing of it.
 */
import type { Outcome, UpstreamEvent } from '../../upstream/index.ts';
import { Histogram, RecentHistogram, type Percentiles } from './histogram.ts';
import type { MetricFamily, Sample } from './prometheus.ts';

const secondsBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const outcomes: readonly Outcome[] = ['success', 'failure', 'neutral'];
type Cached = Extract<UpstreamEvent, { kind: 'call-cached' }>['how'];
const kindsOfCached: readonly Cached[] = ['hit', 'stale', 'stale-if-error'];
const recentMs = 60_000;

export type BreakerState = 'closed' | 'open' | 'half-open';
/** As the metric tells it; the worst is the one that lets least through. */
const breakerNumbers: Readonly<Record<BreakerState, number>> = { closed: 0, open: 1, 'half-open': 2 };
const worstFirst: readonly BreakerState[] = ['open', 'half-open', 'closed'];

/** One service as it is now. */
export interface ServiceReport {
  readonly name: string;
  readonly inFlight: number;
  readonly calls: Readonly<Record<Outcome, number>>;
  readonly attempts: number;
  readonly retries: number;
  readonly coalesced: number;
  /** Answered from what was kept. */
  readonly cached: Readonly<Record<Cached, number>>;
  readonly ejections: number;
  readonly queued: number;
  readonly shortCircuits: number;
  readonly budgetExhausted: number;
  /** The breaker of the service, or the worst of those of its connectors. */
  readonly breaker: BreakerState;
  /** Of calls that ended within the last one to two minutes. */
  readonly latencyMs: Percentiles | undefined;
  readonly lastFailure: { readonly code?: string; readonly status?: number; readonly at: string } | undefined;
}

class ServiceStatistics {
  inFlight = 0;
  readonly calls: Record<Outcome, number> = { success: 0, failure: 0, neutral: 0 };
  readonly durations: Record<Outcome, Histogram> = {
    success: new Histogram(secondsBounds),
    failure: new Histogram(secondsBounds),
    neutral: new Histogram(secondsBounds),
  };
  /** By number of the attempt and outcome. */
  readonly attempts = new Map<string, { attempt: number; outcome: Outcome; count: number }>();
  /** By connector, where they have breakers of their own. */
  readonly breakers = new Map<string, BreakerState>();
  /** By the states they go between. */
  readonly transitions = new Map<string, { from: BreakerState; to: BreakerState; count: number }>();
  readonly queueWait = new Histogram(secondsBounds);
  readonly recent: RecentHistogram;
  /** By instance. */
  readonly ejections = new Map<string, number>();
  readonly cached: Record<Cached, number> = { hit: 0, stale: 0, 'stale-if-error': 0 };
  coalesced = 0;
  shortCircuits = 0;
  budgetExhausted = 0;
  lastFailure: ServiceReport['lastFailure'];

  constructor(now: () => number) {
    this.recent = new RecentHistogram(recentMs, now);
  }

  get breaker(): BreakerState {
    const states = new Set(this.breakers.values());
    return worstFirst.find((state) => states.has(state)) ?? 'closed';
  }
}

export interface UpstreamStatisticsOptions {
  /** Services that are listed before their first call. */
  readonly services: readonly string[];
  /** The monotonic clock. */
  readonly now?: () => number;
  readonly date?: () => Date;
}

export class UpstreamStatistics {
  readonly #services = new Map<string, ServiceStatistics>();
  readonly #now: () => number;
  readonly #date: () => Date;
  #version = 0;

  constructor({ services, now = () => performance.now(), date = () => new Date() }: UpstreamStatisticsOptions) {
    this.#now = now;
    this.#date = date;
    for (const service of services) this.#of(service);
  }

  /** Changes whenever there is something new to tell. */
  get version(): number {
    return this.#version;
  }

  readonly note = (event: UpstreamEvent): void => {
    const service = this.#of(event.service);
    this.#version++;
    switch (event.kind) {
      case 'call-started':
        service.inFlight++;
        break;
      case 'call-ended':
        this.#noteEnd(service, event);
        break;
      case 'attempt-ended':
        countAttempt(service, event);
        break;
      case 'breaker-changed':
        countTransition(service, event);
        break;
      case 'instance-ejected':
        service.ejections.set(event.instance, (service.ejections.get(event.instance) ?? 0) + 1);
        break;
      case 'call-coalesced':
        service.coalesced++;
        break;
      case 'call-cached':
        service.cached[event.how]++;
        break;
      case 'call-queued':
        service.queueWait.add(event.waitedMs / 1000);
        break;
      case 'budget-exhausted':
        service.budgetExhausted++;
        break;
      default:
    }
  };

  report(): ServiceReport[] {
    return [...this.#services].map(([name, service]) => {
      const attempts = [...service.attempts.values()];
      const sum = (counted: typeof attempts) => counted.reduce((total, { count }) => total + count, 0);
      return {
        name,
        inFlight: service.inFlight,
        calls: { ...service.calls },
        attempts: sum(attempts),
        retries: sum(attempts.filter(({ attempt }) => attempt > 0)),
        coalesced: service.coalesced,
        cached: { ...service.cached },
        ejections: [...service.ejections.values()].reduce((total, count) => total + count, 0),
        queued: service.queueWait.count,
        shortCircuits: service.shortCircuits,
        budgetExhausted: service.budgetExhausted,
        breaker: service.breaker,
        latencyMs: service.recent.percentiles,
        lastFailure: service.lastFailure,
      };
    });
  }

  metrics(): MetricFamily[] {
    const each = (read: (service: ServiceStatistics, name: string) => readonly Sample[]): Sample[] =>
      [...this.#services].flatMap(([name, service]) => read(service, name));
    const count = (read: (service: ServiceStatistics) => number) =>
      each((service, name) => [{ labels: { service: name }, value: read(service) }]);
    return [
      {
        name: 'upstream_requests',
        help: 'Calls to services that have ended',
        type: 'counter',
        samples: each(({ calls }, service) =>
          outcomes.map((outcome) => ({ labels: { service, outcome }, value: calls[outcome] })),
        ),
      },
      {
        name: 'upstream_request_duration_seconds',
        help: 'Time of calls with all their attempts and waits',
        type: 'histogram',
        samples: each(({ durations }, service) =>
          outcomes.flatMap((outcome) => durations[outcome].samples({ service, outcome })),
        ),
      },
      {
        name: 'upstream_attempts',
        help: 'Exchanges with services, by number of the attempt; 0 is the first',
        type: 'counter',
        samples: each(({ attempts }, service) =>
          [...attempts.values()].map(({ attempt, outcome, count: value }) => ({
            labels: { service, outcome, attempt: String(attempt) },
            value,
          })),
        ),
      },
      { name: 'upstream_in_flight', help: 'Calls under way', type: 'gauge', samples: count((of) => of.inFlight) },
      {
        name: 'upstream_cached',
        help: 'Calls answered from what was kept',
        type: 'counter',
        samples: each(({ cached }, service) =>
          kindsOfCached.map((how) => ({ labels: { service, how }, value: cached[how] })),
        ),
      },
      {
        name: 'breaker_state',
        help: '0 closed, 1 open, 2 half-open',
        type: 'gauge',
        samples: count((of) => breakerNumbers[of.breaker]),
      },
      {
        name: 'breaker_transitions',
        help: 'How often breakers went from one state to another',
        type: 'counter',
        samples: each(({ transitions }, service) =>
          [...transitions.values()].map(({ from, to, count: value }) => ({ labels: { service, from, to }, value })),
        ),
      },
      {
        name: 'short_circuits',
        help: 'Calls refused by an open breaker',
        type: 'counter',
        samples: count((of) => of.shortCircuits),
      },
      {
        name: 'budget_exhausted',
        help: 'Retries not made because the budget was used up',
        type: 'counter',
        samples: count((of) => of.budgetExhausted),
      },
      {
        name: 'ejections',
        help: 'How often an instance was left out because it failed',
        type: 'counter',
        samples: each(({ ejections }, service) =>
          [...ejections].map(([instance, value]) => ({ labels: { service, instance }, value })),
        ),
      },
      {
        name: 'queue_wait',
        help: 'Seconds that calls waited for a place',
        type: 'histogram',
        samples: each(({ queueWait }, service) => queueWait.samples({ service })),
      },
    ];
  }

  #noteEnd(service: ServiceStatistics, event: Extract<UpstreamEvent, { kind: 'call-ended' }>): void {
    const { outcome, durationMs, code, status } = event;
    service.inFlight--;
    service.calls[outcome]++;
    service.durations[outcome].add(durationMs / 1000);
    service.recent.add(durationMs);
    if (code === 'CIRCUIT_OPEN') service.shortCircuits++;
    if (outcome !== 'failure') return;
    service.lastFailure = {
      ...(code === undefined ? {} : { code }),
      ...(status === undefined ? {} : { status }),
      at: this.#date().toISOString(),
    };
  }

  #of(name: string): ServiceStatistics {
    let service = this.#services.get(name);
    if (service === undefined) {
      service = new ServiceStatistics(this.#now);
      this.#services.set(name, service);
    }
    return service;
  }
}

function countAttempt(
  { attempts }: ServiceStatistics,
  { attempt, outcome }: Extract<UpstreamEvent, { kind: 'attempt-ended' }>,
): void {
  const key = `${attempt} ${outcome}`;
  const counted = attempts.get(key) ?? { attempt, outcome, count: 0 };
  counted.count++;
  attempts.set(key, counted);
}

function countTransition(
  { breakers, transitions }: ServiceStatistics,
  { connector = '', from, to }: Extract<UpstreamEvent, { kind: 'breaker-changed' }>,
): void {
  breakers.set(connector, to);
  const key = `${from} ${to}`;
  const counted = transitions.get(key) ?? { from, to, count: 0 };
  counted.count++;
  transitions.set(key, counted);
}
