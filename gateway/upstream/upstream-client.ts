/**
 * Puts the pipeline of upstream.md, section 1, together: wiring, no logic. Each service gets its own pipeline on its first
 * call, so no policy needs to know which service it serves, and one broken service shares nothing with the others.
 */
import type { Dispatcher } from 'undici';
import { createClientLimits } from './call-limit.ts';
import { composePolicies, startCall, type Next, type Policy } from './call.ts';
import { callError } from './classify.ts';
import { systemClock, type Clock, type RandomSource } from './clock.ts';
import { createDecoder } from './decode.ts';
import type { EmitUpstreamEvent } from './events.ts';
import type { Discovery, Instance } from './discovery/discovery.ts';
import { Balancer, type InstanceStatus } from './policies/balance.ts';
import { createBreaker, type Breaker, type BreakerStatus } from './policies/breaker.ts';
import { bulkhead } from './policies/bulkhead.ts';
import { cache } from './policies/cache.ts';
import type { CacheStore } from './policies/cache-store.ts';
import { createCacheStores } from './policies/cache-stores.ts';
import { coalesce } from './policies/coalesce.ts';
import { attemptDeadline, callDeadline } from './policies/deadline.ts';
import { fanOut } from './policies/fan-out.ts';
import { observeAttempt, observeCall } from './policies/observe.ts';
import { retry } from './policies/retry.ts';
import { RetryBudget } from './policies/retry-budget.ts';
import { resolveUpstreamSettings, type PartialUpstreamSettings, type UpstreamSettings } from './settings.ts';
import { isRead } from './repeatable.ts';
import { createTransport, type Transport } from './transport.ts';
import { KnownAnswers } from './known-answers.ts';
import { KeptParts, type KeptPart } from './kept-parts.ts';
import type { CallUpstream } from './upstream-call.ts';

export interface UpstreamServices {
  /** For every service; what is left out has the defaults of the settings file. */
  readonly settings?: PartialUpstreamSettings;
  /** What differs for one service, by its name. */
  readonly services?: Readonly<Record<string, PartialUpstreamSettings>>;
  /** What differs for single callers, by the name in their requests: `<service>/<name>`. */
  readonly variants?: Readonly<Record<string, PartialUpstreamSettings>>;
  /** Where the instances of a service are, by its name; of one left out the URL of the request says it. */
  readonly discovery?: Readonly<Record<string, Discovery>>;
}

export interface UpstreamOptions extends UpstreamServices {
  readonly clock?: Clock;
  readonly random?: RandomSource;
  readonly emit?: EmitUpstreamEvent;
  /** Takes the place of the connection pools, for tests. */
  readonly dispatcher?: Dispatcher;
  /** Goes around each call, and around each attempt; nothing is there without it. */
  readonly around?: CallFrames;
  /** Whether a body that came before is not read again. */
  readonly keepsAnswers?: boolean;
}

export interface CallFrames {
  readonly call: Policy;
  readonly attempt: Policy;
}

export interface UpstreamClient {
  readonly call: CallUpstream;
  /** What is known of each service that was called, or whose instances are watched. */
  describe(): readonly ServiceStatus[];
  /** How many instances are known of each service that is watched. */
  knownInstances(): readonly { readonly service: string; readonly instances: number }[];
  /** Holds the breaker of a service open or closed; undefined lets it go. False where `breaker.enabled` is off. */
  forceBreaker(service: string, position: 'open' | 'closed' | undefined): boolean;
  /**
   * Takes other settings and sources of addresses. What they do not change keeps its state: breakers, ejections, averages,
   * pools. Calls in flight end as they began.
   */
  reconfigure(next: UpstreamServices): void;
  /** Resolves when no call is in flight; calls may still come in. */
  drain(): Promise<void>;
  /** Ends all connections at once, also those in use; calls made later are refused. */
  close(): Promise<void>;
}

interface ServiceStatus {
  readonly service: string;
  /** None before the first call. */
  readonly breakers: readonly BreakerStatus[];
  readonly instances: readonly InstanceStatus[];
  /** What the retry budget allows at this moment. */
  readonly retriesLeft: number;
}

/** Of one service, by their names. */
type Variants = Readonly<Record<string, UpstreamSettings>>;

interface ServicePipeline {
  readonly settings: UpstreamSettings;
  readonly variants: Variants;
  readonly discovery: Discovery | undefined;
  readonly run: Next;
  readonly parts: ReadonlyMap<string, KeptPart>;
  readonly transport: Transport;
  readonly breaker: Breaker;
  readonly balancer: Balancer | undefined;
  readonly retryBudget: RetryBudget;
  readonly stopWatching: () => void;
  /** Calls under way. */
  calls: number;
}

type PipelineOptions = Required<Pick<UpstreamOptions, 'clock' | 'random' | 'emit'>> & {
  readonly service: string;
  readonly settings: UpstreamSettings;
  readonly variants: Variants;
  readonly discovery: Discovery | undefined;
  readonly dispatcher: Dispatcher | undefined;
  readonly around: CallFrames | undefined;
  readonly known: KnownAnswers | undefined;
  readonly onBackground: (work: Promise<unknown>) => void;
  /** The pipeline that it takes the place of. */
  readonly before: ServicePipeline | undefined;
  /** The transport in use by then. */
  readonly onGone: (instance: Instance) => void;
  /** One exchange of an active check, by the transport in use by then. */
  readonly onCheck: Transport['exchange'];
  readonly openStore: (settings: UpstreamSettings) => CacheStore;
};

function createPipeline(options: PipelineOptions): ServicePipeline {
  const {
    service,
    settings,
    variants,
    discovery,
    clock,
    random,
    emit,
    dispatcher,
    around,
    known,
    onBackground,
    before,
    onGone,
    onCheck,
    openStore,
  } = options;
  const { deadline, limits, balancing, ejection } = settings;
  const { failureStatuses } = settings.breaker;
  const parts = new KeptParts(before?.parts);
  const transport = parts.keep('transport', transportInputs(settings), () =>
    createTransport({
      settings,
      clock,
      dispatcher,
      onTlsChange: (change) => emit({ kind: 'tls-files-changed', service, ...change }),
    }),
  );
  const breaker = parts.keep('breaker', [settings.breaker, deadline.attemptMs], () =>
    createBreaker({ service, settings: settings.breaker, attemptMs: deadline.attemptMs, clock, random, emit }),
  );
  const balancer =
    discovery === undefined
      ? undefined
      : parts.keep(
          'balancer',
          [balancing, ejection, failureStatuses],
          () => new Balancer({ service, settings, clock, random, emit, onGone, exchange: onCheck }),
        );
  const retryBudget = parts.keep(
    'retry-budget',
    settings.retry.budget,
    () => new RetryBudget(settings.retry.budget, clock),
  );
  const policiesOf = (own: UpstreamSettings, variant: string): Policy[] => {
    // A part that is set as for the whole service is the same part: what it counts and holds is counted and held together
    const keep = <Part>(name: string, read: (from: UpstreamSettings) => unknown, make: () => Part): Part => {
      const isShared = variant === '' || JSON.stringify(read(own)) === JSON.stringify(read(settings));
      return parts.keep(isShared ? name : `${name} ${variant}`, read(own), make);
    };
    return [
      ...(around === undefined ? [] : [around.call]),
      observeCall({ clock, emit, failureStatuses }),
      callDeadline({ clock, limitMs: own.deadline.callMs }),
      ...(own.coalesce ? [parts.keep('coalesce', [], () => coalesce({ emit }))] : []),
      ...(own.cache.enabled
        ? [
            parts.keep('cache', [settings.cache, deadline.callMs, limits.jsonDepth], () =>
              cache({ store: openStore(settings), callMs: deadline.callMs, clock, emit, onBackground }),
            ),
          ]
        : []),
      keep(
        'fan-out',
        (from) => from.bulkhead.batchFanOut,
        () => fanOut(own.bulkhead),
      ),
      ...(own.breaker.enabled ? [breaker.policy] : []),
      keep(
        'bulkhead',
        (from) => from.bulkhead,
        () => bulkhead({ settings: own.bulkhead, clock, emit }),
      ),
      keep(
        'retry',
        (from) => from.retry,
        () => {
          const budget = keep(
            'retry-budget',
            (from) => from.retry.budget,
            () => new RetryBudget(own.retry.budget, clock),
          );
          return retry({ settings: own.retry, budget, clock, random, emit });
        },
      ),
      ...(balancer === undefined ? [] : [balancer.policy]),
      ...(around === undefined ? [] : [around.attempt]),
      observeAttempt({ clock, emit, failureStatuses }),
      attemptDeadline({ clock, limitMs: own.deadline.attemptMs }),
    ];
  };
  const compose = (own: UpstreamSettings, variant: string): Next => {
    const decode = createDecoder(own.limits, known);
    return composePolicies(policiesOf(own, variant), async (call) => decode(call, await transport.exchange(call)));
  };
  const leaveSource = discovery?.watch(service, (instances) => balancer?.update(instances));
  const stopWatching = () => {
    leaveSource?.();
    balancer?.close();
  };
  const runService = compose(settings, '');
  const runVariant = new Map(Object.entries(variants).map(([name, own]) => [name, compose(own, name)]));
  const run: Next = (call) => {
    const { variant } = call.request;
    return ((variant === undefined ? undefined : runVariant.get(variant)) ?? runService)(call);
  };
  return {
    settings,
    variants,
    discovery,
    run,
    parts: parts.made,
    transport,
    breaker,
    balancer,
    retryBudget,
    stopWatching,
    calls: 0,
  };
}

/** All that a transport reads; the limits of calls and attempts are others' business. */
const transportInputs = ({
  deadline,
  transport,
  limits,
  retry: { header },
  discovery: { drainMs },
}: UpstreamSettings) => [{ ...deadline, callMs: 0, attemptMs: 0 }, [transport, limits, header, drainMs]];

/** A client for any number of services. */
export function createUpstream(options: UpstreamOptions = {}): UpstreamClient {
  const { clock = systemClock, random = Math.random, emit = () => {}, dispatcher, around } = options;
  let services: UpstreamServices = options;
  let settings = resolveUpstreamSettings(options.settings);
  const pipelines = new Map<string, ServicePipeline>();
  /** Replaced, and not yet without calls. */
  const retired = new Set<ServicePipeline>();
  const forced = new Map<string, 'open' | 'closed'>();
  const inFlight = new Set<Promise<unknown>>();
  const stores = createCacheStores({ clock, random, emit });
  const limitOf = createClientLimits();
  const known = options.keepsAnswers === true ? new KnownAnswers() : undefined;
  let lastId = 0;
  /** Writes that have ended, to whatever service: one may change what another answers. */
  let writes = 0;
  let closed = false;

  /** What `drain` waits for. */
  const track = (work: Promise<unknown>) => {
    inFlight.add(work);
    const forget = () => inFlight.delete(work);
    work.then(forget, forget);
  };

  const ownSettings = (service: string) => resolveUpstreamSettings(services.services?.[service], settings);

  /** Of a service, and of a further source of its subgraph, which is called `<service>.<source>`. */
  const ownVariants = (service: string): Variants => {
    const own = Object.entries(services.variants ?? {}).filter(([name]) => {
      const [owner = ''] = name.split('/', 1);
      return service === owner || service.startsWith(`${owner}.`);
    });
    const base = ownSettings(service);
    return Object.fromEntries(own.map(([name, partial]) => [name, resolveUpstreamSettings(partial, base)]));
  };

  const build = (service: string, before?: ServicePipeline): ServicePipeline => {
    const pipeline = createPipeline({
      service,
      settings: ownSettings(service),
      variants: ownVariants(service),
      discovery: services.discovery?.[service],
      clock,
      random,
      emit,
      dispatcher,
      around,
      known,
      onBackground: track,
      before,
      onGone: (instance) => pipelines.get(service)?.transport.retire(instance),
      openStore: (own) => stores.open(service, own),
      onCheck: (check) => pipelineOf(service).transport.exchange(check),
    });
    const position = forced.get(service);
    if (position !== undefined) pipeline.breaker.force(position);
    pipelines.set(service, pipeline);
    return pipeline;
  };

  const pipelineOf = (service: string): ServicePipeline => pipelines.get(service) ?? build(service);

  /** Ends the connections of a replaced pipeline that its successor does not use, once its last call is over. */
  const endIfIdle = (pipeline: ServicePipeline) => {
    if (pipeline.calls > 0 || !retired.delete(pipeline)) return;
    const inUse = [...pipelines.values(), ...retired].some(({ transport }) => transport === pipeline.transport);
    if (!inUse) track(pipeline.transport.close());
  };

  /** Sets are watched from the start, so that no call waits for a registry. */
  const watchAll = () => {
    for (const service of Object.keys(services.discovery ?? {})) pipelineOf(service);
  };
  watchAll();

  return {
    async call(request) {
      const call = startCall({
        request,
        id: ++lastId,
        startedAt: clock.now(),
        limit: limitOf(request.context),
        writesBefore: writes,
      });
      if (closed) throw callError(call, 'UPSTREAM_UNREACHABLE', { reason: 'shutting-down' });
      const pipeline = pipelineOf(request.service);
      pipeline.calls++;
      const result = pipeline.run(call);
      inFlight.add(result);
      try {
        return await result;
      } finally {
        inFlight.delete(result);
        if (!isRead(request)) writes++;
        pipeline.calls--;
        endIfIdle(pipeline);
      }
    },
    describe: () =>
      [...pipelines].map(([service, { breaker, balancer, retryBudget }]) => ({
        service,
        breakers: breaker.positions(),
        instances: balancer?.describe() ?? [],
        retriesLeft: retryBudget.left(),
      })),
    knownInstances: () =>
      [...pipelines].flatMap(([service, { balancer }]) =>
        balancer === undefined ? [] : [{ service, instances: balancer.describe().length }],
      ),
    forceBreaker(service, position) {
      const { breaker, settings: own } = pipelineOf(service);
      if (!own.breaker.enabled) return false;
      if (position === undefined) forced.delete(service);
      else forced.set(service, position);
      breaker.force(position);
      return true;
    },
    reconfigure(next) {
      services = next;
      settings = resolveUpstreamSettings(next.settings);
      for (const [service, before] of [...pipelines]) {
        const isSame =
          before.discovery === next.discovery?.[service] &&
          JSON.stringify([before.settings, before.variants]) ===
            JSON.stringify([ownSettings(service), ownVariants(service)]);
        if (isSame) continue;
        before.stopWatching();
        build(service, before);
        retired.add(before);
        endIfIdle(before);
      }
      watchAll();
    },
    async drain() {
      while (inFlight.size > 0) await Promise.allSettled(inFlight);
    },
    async close() {
      closed = true;
      const all = [...pipelines.values(), ...retired];
      for (const { stopWatching } of all) stopWatching();
      await stores.close();
      await Promise.all([...new Set(all.map(({ transport }) => transport))].map((transport) => transport.close()));
    },
  };
}
