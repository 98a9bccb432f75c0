/**
 * The numbers of upstream.md, section 2, resolved: durations in milliseconds, sizes in bytes. The defaults live here, once;
 * the settings file (`config/`) and a service that makes its own client start from them.
 */

const second = 1000;
const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

export interface UpstreamSettings {
  readonly deadline: {
    readonly callMs: number;
    readonly attemptMs: number;
    readonly connectMs: number;
    readonly connectTlsMs: number;
    readonly headersMs: number;
    readonly bodyIdleMs: number;
    readonly header: string;
  };
  readonly coalesce: boolean;
  readonly cache: {
    readonly enabled: boolean;
    readonly store: 'memory' | 'redis';
    /** Of Redis, with its credentials; null where there is none. */
    readonly url: string | null;
    /** In front of every key in Redis. */
    readonly prefix: string;
    /** The longest wait for Redis. */
    readonly timeoutMs: number;
    readonly entries: number;
    readonly bytes: number;
    readonly entryBytes: number;
  };
  readonly breaker: {
    readonly enabled: boolean;
    readonly scope: 'service' | 'connector';
    readonly windowMs: number;
    readonly buckets: number;
    readonly minimumCalls: number;
    readonly failureRate: number;
    readonly failureStatuses: readonly number[];
    /** `time` is a share of the attempt limit. */
    readonly slowCalls: { readonly enabled: boolean; readonly rate: number; readonly time: number };
    readonly openMs: number;
    readonly openMaxMs: number;
    readonly jitter: number;
    readonly probes: number;
    readonly successes: number;
    readonly ramp: { readonly timeMs: number; readonly from: number };
  };
  readonly bulkhead: {
    readonly concurrent: number;
    readonly queue: number;
    readonly queueWaitMs: number;
    /** In flight for one client request. */
    readonly batchFanOut: number;
  };
  readonly retry: {
    readonly retries: number;
    readonly statuses: readonly number[];
    readonly backoff: { readonly baseMs: number; readonly maxMs: number };
    readonly retryAfterMaxMs: number;
    readonly budget: { readonly ratio: number; readonly windowMs: number; readonly floorPerSecond: number };
    readonly header: string;
    /** A call older than this is not repeated; null sets no limit. */
    readonly maxAgeMs: number | null;
  };
  readonly balancing: {
    /** Memory of the latency average. */
    readonly decayMs: number;
    readonly ramp: { readonly timeMs: number; readonly from: number };
  };
  readonly ejection: {
    readonly failures: number;
    readonly timeMs: number;
    readonly timeMaxMs: number;
    readonly jitter: number;
    readonly maxShare: number;
    readonly panicBelow: number;
    /** Null asks nobody. */
    readonly activeCheck: { readonly path: string; readonly everyMs: number; readonly timeoutMs: number } | null;
  };
  readonly discovery: {
    readonly drainMs: number;
    readonly emptyHoldMs: number;
    readonly backoff: { readonly baseMs: number; readonly maxMs: number };
    /** A file; null remembers nothing. */
    readonly snapshot: string | null;
  };
  readonly transport: {
    readonly connections: number;
    readonly keepAliveMs: number;
    /** PEM files; null leaves it to Node. */
    readonly tls: { readonly ca: string | null; readonly cert: string | null; readonly key: string | null };
  };
  readonly limits: {
    readonly bodyBytes: number;
    readonly decodedBodyBytes: number;
    readonly jsonDepth: number;
    readonly headersBytes: number;
    readonly contentTypes: readonly string[];
  };
}

/** Any part of the settings, as a service or a test writes it. */
export type PartialUpstreamSettings = {
  readonly [Group in keyof UpstreamSettings]?: UpstreamSettings[Group] extends boolean
    ? boolean
    : Partial<UpstreamSettings[Group]>;
};

export const defaultUpstreamSettings: UpstreamSettings = {
  deadline: {
    callMs: 10 * second,
    attemptMs: 5 * second,
    connectMs: 1 * second,
    connectTlsMs: 3 * second,
    headersMs: 5 * second,
    bodyIdleMs: 5 * second,
    header: 'x-request-timeout-ms',
  },
  coalesce: true,
  cache: {
    enabled: true,
    store: 'memory',
    url: null,
    prefix: 'tributary:',
    timeoutMs: 10,
    entries: 1024,
    bytes: 100 * megabyte,
    entryBytes: 5 * megabyte,
  },
  breaker: {
    enabled: true,
    scope: 'service',
    windowMs: 10 * second,
    buckets: 10,
    minimumCalls: 20,
    failureRate: 0.5,
    failureStatuses: [500, 502, 503, 504],
    slowCalls: { enabled: false, rate: 0.8, time: 0.8 },
    openMs: 5 * second,
    openMaxMs: 60 * second,
    jitter: 0.1,
    probes: 1,
    successes: 3,
    ramp: { timeMs: 5 * second, from: 0.1 },
  },
  bulkhead: { concurrent: 128, queue: 256, queueWaitMs: 1 * second, batchFanOut: 32 },
  retry: {
    retries: 2,
    statuses: [502, 503, 504],
    backoff: { baseMs: 50, maxMs: 1 * second },
    retryAfterMaxMs: 2 * second,
    budget: { ratio: 0.2, windowMs: 10 * second, floorPerSecond: 3 },
    header: 'x-retry-attempt',
    maxAgeMs: null,
  },
  balancing: { decayMs: 10 * second, ramp: { timeMs: 5 * second, from: 0.1 } },
  ejection: {
    failures: 5,
    timeMs: 10 * second,
    timeMaxMs: 300 * second,
    jitter: 0.1,
    maxShare: 0.5,
    panicBelow: 0.5,
    activeCheck: null,
  },
  discovery: {
    drainMs: 30 * second,
    emptyHoldMs: 5 * second,
    backoff: { baseMs: 250, maxMs: 30 * second },
    snapshot: null,
  },
  transport: { connections: 128, keepAliveMs: 4 * second, tls: { ca: null, cert: null, key: null } },
  limits: {
    bodyBytes: 8 * megabyte,
    decodedBodyBytes: 32 * megabyte,
    jsonDepth: 128,
    headersBytes: 16 * kilobyte,
    contentTypes: ['*/json', '*/*+json', '*/xml', '*/*+xml', 'text/*', '!text/html'],
  },
};

/** The parts given, the rest from `base`. */
export function resolveUpstreamSettings(
  partial: PartialUpstreamSettings = {},
  base: UpstreamSettings = defaultUpstreamSettings,
): UpstreamSettings {
  return {
    deadline: { ...base.deadline, ...partial.deadline },
    coalesce: partial.coalesce ?? base.coalesce,
    cache: { ...base.cache, ...partial.cache },
    breaker: { ...base.breaker, ...partial.breaker },
    bulkhead: { ...base.bulkhead, ...partial.bulkhead },
    retry: { ...base.retry, ...partial.retry },
    balancing: { ...base.balancing, ...partial.balancing },
    ejection: { ...base.ejection, ...partial.ejection },
    discovery: { ...base.discovery, ...partial.discovery },
    transport: { ...base.transport, ...partial.transport },
    limits: { ...base.limits, ...partial.limits },
  };
}
