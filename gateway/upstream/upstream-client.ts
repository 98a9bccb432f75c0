/**
 * Puts the pipeline of upstream.md, section 1, together: wiring, no logic. Each service gets its own pipeline on its first
 * call, so no policy needs to know which service it serves, and one broken service shares nothing with the others.
 */
import type { Dispatcher } from 'undici';
import { composePolicies, type Call, type Next } from './call.ts';
import { callError } from './classify.ts';
import { systemClock, type Clock, type RandomSource } from './clock.ts';
import { decodeAnswer } from './decode.ts';
import type { EmitUpstreamEvent } from './events.ts';
import type { Discovery } from './discovery/discovery.ts';
import { Balancer, type InstanceStatus } from './policies/balance.ts';
import { createBreaker, type Breaker } from './policies/breaker.ts';
import { bulkhead } from './policies/bulkhead.ts';
import type { CircuitPosition } from './policies/circuit.ts';
import { cache } from './policies/cache.ts';
import { coalesce } from './policies/coalesce.ts';
import { attemptDeadline, callDeadline } from './policies/deadline.ts';
import { observeAttempt, observeCall } from './policies/observe.ts';
import { retry } from './policies/retry.ts';
import { resolveUpstreamSettings, type PartialUpstreamSettings, type UpstreamSettings } from './settings.ts';
import { createTransport, type Transport } from './transport.ts';
import type { CallUpstream } from './upstream-call.ts';

export interface UpstreamOptions {
  /** For every service; what is left out has the defaults of the settings file. */
  readonly settings?: PartialUpstreamSettings;
  /** What differs for one service, by its name. */
  readonly services?: Readonly<Record<string, PartialUpstreamSettings>>;
  /** Where the instances of a service are, by its name; of one left out the URL of the request says it. */
  readonly discovery?: Readonly<Record<string, Discovery>>;
  readonly clock?: Clock;
  readonly random?: RandomSource;
  readonly emit?: EmitUpstreamEvent;
  /** Takes the place of the connection pools, for tests. */
  readonly dispatcher?: Dispatcher;
}

export interface UpstreamClient {
  readonly call: CallUpstream;
  /** What is known of each service that was called, or whose instances are watched. */
  describe(): readonly ServiceStatus[];
  /** Holds the breaker of a service open or closed; undefined lets it go. */
  forceBreaker(service: string, position: 'open' | 'closed' | undefined): void;
  /** Resolves when no call is in flight; calls may still come in. */
  drain(): Promise<void>;
  /** Ends all connections at once, also those in use; calls made later are refused. */
  close(): Promise<void>;
}

interface ServiceStatus {
  readonly service: string;
  /** The name of the connector is empty where there is one breaker for the whole service; none before the first call. */
  readonly breakers: readonly { readonly connector: string; readonly position: CircuitPosition }[];
  readonly instances: readonly InstanceStatus[];
}

interface ServicePipeline {
  readonly run: Next;
  readonly transport: Transport;
  readonly breaker: Breaker;
  readonly balancer: Balancer | undefined;
  readonly stopWatching: () => void;
}

type PipelineOptions = Required<Pick<UpstreamOptions, 'clock' | 'random' | 'emit'>> & {
  readonly service: string;
  readonly settings: UpstreamSettings;
  readonly discovery: Discovery | undefined;
  readonly dispatcher: Dispatcher | undefined;
  readonly onBackground: (work: Promise<unknown>) => void;
};

function createPipeline(options: PipelineOptions): ServicePipeline {
  const { service, settings, discovery, clock, random, emit, dispatcher, onBackground } = options;
  const { deadline, limits } = settings;
  const transport = createTransport({ settings, clock, dispatcher });
  const { failureStatuses } = settings.breaker;
  const breaker = createBreaker({
    service,
    settings: settings.breaker,
    attemptMs: deadline.attemptMs,
    clock,
    random,
    emit,
  });
  const balancer =
    discovery === undefined
      ? undefined
      : new Balancer({ service, settings, clock, random, emit, onGone: (instance) => transport.retire(instance) });
  const policies = [
    observeCall({ clock, emit, failureStatuses }),
    callDeadline({ clock, limitMs: deadline.callMs }),
    ...(settings.coalesce ? [coalesce({ emit })] : []),
    ...(settings.cache.enabled
      ? [cache({ settings: settings.cache, callMs: deadline.callMs, clock, emit, onBackground })]
      : []),
    ...(settings.breaker.enabled ? [breaker.policy] : []),
    bulkhead({ settings: settings.bulkhead, clock, emit }),
    retry({ settings: settings.retry, clock, random, emit }),
    ...(balancer === undefined ? [] : [balancer.policy]),
    observeAttempt({ clock, emit, failureStatuses }),
    attemptDeadline({ clock, limitMs: deadline.attemptMs }),
  ];
  const exchange: Next = async (call) => decodeAnswer(call, await transport.exchange(call), limits);
  const stopWatching = discovery?.watch(service, (instances) => balancer?.update(instances)) ?? (() => {});
  return { run: composePolicies(policies, exchange), transport, breaker, balancer, stopWatching };
}

/** A client for any number of services. */
export function createUpstream(options: UpstreamOptions = {}): UpstreamClient {
  const { clock = systemClock, random = Math.random, emit = () => {}, dispatcher } = options;
  const settings = resolveUpstreamSettings(options.settings);
  const pipelines = new Map<string, ServicePipeline>();
  const inFlight = new Set<Promise<unknown>>();
  let lastId = 0;
  let closed = false;

  /** What `drain` waits for. */
  const track = (work: Promise<unknown>) => {
    inFlight.add(work);
    const forget = () => inFlight.delete(work);
    work.then(forget, forget);
  };

  const pipelineOf = (service: string): ServicePipeline => {
    let pipeline = pipelines.get(service);
    if (pipeline === undefined) {
      const ownSettings = resolveUpstreamSettings(options.services?.[service], settings);
      const discovery = options.discovery?.[service];
      pipeline = createPipeline({
        service,
        settings: ownSettings,
        discovery,
        clock,
        random,
        emit,
        dispatcher,
        onBackground: track,
      });
      pipelines.set(service, pipeline);
    }
    return pipeline;
  };

  // Sets are watched from the start, so that no call waits for a registry.
  for (const service of Object.keys(options.discovery ?? {})) pipelineOf(service);

  return {
    async call(request) {
      const call: Call = {
        request,
        id: ++lastId,
        signal: request.context.signal,
        startedAt: clock.now(),
        endsAt: request.context.deadlineAt,
        attempt: 0,
        progress: { dispatched: false },
      };
      if (closed) throw callError(call, 'UPSTREAM_UNREACHABLE', { reason: 'shutting-down' });
      const result = pipelineOf(request.service).run(call);
      inFlight.add(result);
      try {
        return await result;
      } finally {
        inFlight.delete(result);
      }
    },
    describe: () =>
      [...pipelines].map(([service, { breaker, balancer }]) => ({
        service,
        breakers: breaker.positions(),
        instances: balancer?.describe() ?? [],
      })),
    forceBreaker: (service, position) => pipelineOf(service).breaker.force(position),
    async drain() {
      while (inFlight.size > 0) await Promise.allSettled(inFlight);
    },
    async close() {
      closed = true;
      for (const { stopWatching } of pipelines.values()) stopWatching();
      await Promise.all([...pipelines.values()].map(({ transport }) => transport.close()));
    },
  };
}
