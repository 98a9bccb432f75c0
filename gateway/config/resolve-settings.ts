/**
 * From the checked file to what the rest of the gateway receives: units in the names, paths absolute, defaults that depend on
 * `development` filled in, and for each service its own full set of upstream settings.
 */
import { resolve } from 'node:path';
import type { z } from 'zod';
import type { DiscoverySettings } from '../upstream/discovery/discover-services.ts';
import { defaultUpstreamSettings, resolveUpstreamSettings, type UpstreamSettings } from '../upstream/settings.ts';
import type { JsonValue } from '../upstream/upstream-call.ts';
import { resolveDiscovery } from './discovery-schema.ts';
import type { CheckedSettings } from './settings-schema.ts';
import type { upstreamSchema } from './upstream-schema.ts';

export interface ServiceSettings {
  /** Absolute path of the subgraph's SDL. */
  readonly schema: string;
  /** GraphQL endpoint of a remote subgraph; undefined when connectors answer it. */
  readonly url: string | undefined;
  /** Where its instances are; undefined when the URLs of its connectors say it. */
  readonly discovery: DiscoverySettings | undefined;
  readonly connectorDefaults: { readonly skipNullKeys: boolean; readonly strict: Strict };
  readonly upstream: UpstreamSettings;
}

type Strict = 'none' | 'required' | 'all';

export interface SourceSettings {
  readonly overrideUrl?: string;
  readonly maxRequestsPerOperation?: number;
  /** A 404 is null, without an error. */
  readonly isNotFoundNull?: boolean;
  readonly config?: Readonly<Record<string, JsonValue>>;
}

export interface Settings {
  readonly development: boolean;
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly deadlineMs: number;
    readonly bodyLimitBytes: number;
    readonly shutdown: { readonly graceMs: number };
    readonly cors: { readonly origins: readonly string[] };
    readonly introspection: boolean;
    readonly landingPage: 'console' | 'sandbox' | 'off';
    readonly csrf: boolean;
    readonly rateLimit: { readonly enabled: boolean; readonly max: number; readonly windowMs: number };
    readonly limits: { readonly depth: number; readonly fields: number; readonly tokens: number };
    /** Absolute path of a folder of pages. */
    readonly web: string | undefined;
    readonly trustProxy: boolean;
    readonly admin: { readonly enabled: boolean; readonly host: string; readonly port: number };
  };
  readonly services: Readonly<Record<string, ServiceSettings>>;
  /** By "<service>.<source>". */
  readonly connectors: {
    readonly portability: 'ignore' | 'warn' | 'error';
    readonly maxRequestsPerOperation: number | undefined;
    readonly sources: Readonly<Record<string, SourceSettings>>;
  };
  /** For a service that `services` does not name. */
  readonly upstream: UpstreamSettings;
  readonly facade: {
    /** Absolute path of a folder of documents. */
    readonly operations: string | undefined;
    readonly basePath: string;
    readonly title: string | undefined;
    readonly version: string | undefined;
    readonly publicUrl: string | undefined;
    readonly versioning: 'path' | 'mediaType' | 'header';
    readonly levels: readonly (0 | 1 | 2 | 3)[];
    readonly validationStatus: 422 | 400;
    readonly negativeTtlMs: number;
  };
  readonly engine: 'apollo' | 'tributary';
  readonly log: { readonly level: string };
}

const developmentOrigins = ['https://studio.apollographql.com', 'http://localhost:5173', 'http://127.0.0.1:5173'];

/** `folder` is the one relative paths start from. */
export function resolveSettings(checked: CheckedSettings, folder: string): Settings {
  const { development, server, facade, engine, log } = checked;
  const absolute = (path: string | false) => (path === false ? undefined : resolve(folder, path));
  const upstream = resolveUpstream(checked.upstream, defaultUpstreamSettings, folder);
  return {
    development,
    server: {
      host: server.host,
      port: server.port,
      deadlineMs: server.deadline,
      bodyLimitBytes: server.bodyLimit,
      shutdown: { graceMs: server.shutdown.grace },
      cors: { origins: server.cors.origins ?? (development ? developmentOrigins : []) },
      introspection: server.introspection ?? development,
      landingPage: server.landingPage ?? (development ? 'console' : 'off'),
      csrf: server.csrf,
      rateLimit: { enabled: server.rateLimit.enabled, max: server.rateLimit.max, windowMs: server.rateLimit.window },
      limits: server.limits,
      web: absolute(server.web),
      trustProxy: server.trustProxy,
      admin: server.admin,
    },
    services: mapValues(checked.services, (service) => ({
      schema: resolve(folder, service.schema),
      url: service.url,
      discovery: service.discovery === undefined ? undefined : resolveDiscovery(service.discovery, folder),
      connectorDefaults: {
        skipNullKeys: service.connectorDefaults.skipNullKeys,
        strict: service.connectorDefaults.strict ?? checked.connectors.strict,
      },
      upstream: service.upstream === undefined ? upstream : resolveUpstream(service.upstream, upstream, folder),
    })),
    connectors: {
      maxRequestsPerOperation: checked.connectors.max_requests_per_operation_per_source,
      portability: checked.connectors.portability,
      sources: mapValues(checked.connectors.sources, resolveSource),
    },
    upstream,
    facade: {
      operations: absolute(facade.operations),
      basePath: facade.basePath,
      title: facade.title,
      version: facade.version,
      publicUrl: facade.publicUrl,
      versioning: facade.versioning,
      levels: facade.levels,
      validationStatus: facade.validationStatus,
      negativeTtlMs: facade.negativeTtl,
    },
    engine,
    log,
  };
}

function resolveSource(source: CheckedSettings['connectors']['sources'][string]): SourceSettings {
  const { override_url: overrideUrl, max_requests_per_operation: maxRequestsPerOperation, $config: config } = source;
  return {
    ...(source.notFound === null ? { isNotFoundNull: true } : {}),
    ...(overrideUrl === undefined ? {} : { overrideUrl }),
    ...(maxRequestsPerOperation === undefined ? {} : { maxRequestsPerOperation }),
    ...(config === undefined ? {} : { config }),
  };
}

type CheckedUpstream = z.output<ReturnType<typeof upstreamSchema>>;

/** One group of `upstream` over another. */
export function resolveUpstream(checked: CheckedUpstream, base: UpstreamSettings, folder: string): UpstreamSettings {
  const { deadline, cache, breaker, bulkhead, retry, balancing, ejection, discovery, transport, limits } = checked;
  const partial = {
    coalesce: checked.coalesce,
    deadline: {
      callMs: deadline?.call,
      attemptMs: deadline?.attempt,
      connectMs: deadline?.connect,
      connectTlsMs: deadline?.connectTls,
      headersMs: deadline?.headers,
      bodyIdleMs: deadline?.bodyIdle,
      header: deadline?.header,
    },
    cache: {
      enabled: cache?.enabled,
      entries: cache?.entries,
      bytes: cache?.size,
      entryBytes: cache?.entrySize,
    },
    breaker: {
      enabled: breaker?.enabled,
      scope: breaker?.scope,
      windowMs: breaker?.window,
      buckets: breaker?.buckets,
      minimumCalls: breaker?.minimumCalls,
      failureRate: breaker?.failureRate,
      failureStatuses: breaker?.failureStatuses,
      slowCalls: {
        enabled: breaker?.slowCalls?.enabled ?? base.breaker.slowCalls.enabled,
        rate: breaker?.slowCalls?.rate ?? base.breaker.slowCalls.rate,
        time: breaker?.slowCalls?.time ?? base.breaker.slowCalls.time,
      },
      openMs: breaker?.open,
      openMaxMs: breaker?.openMax,
      jitter: breaker?.jitter,
      probes: breaker?.probes,
      successes: breaker?.successes,
      ramp: resolveRamp(breaker?.ramp, base.breaker.ramp),
    },
    bulkhead: { concurrent: bulkhead?.concurrent, queue: bulkhead?.queue, queueWaitMs: bulkhead?.queueWait },
    retry: {
      retries: retry?.retries,
      statuses: retry?.statuses,
      backoff: {
        baseMs: retry?.backoff?.base ?? base.retry.backoff.baseMs,
        maxMs: retry?.backoff?.max ?? base.retry.backoff.maxMs,
      },
      retryAfterMaxMs: retry?.retryAfterMax,
      budget: {
        ratio: retry?.budget?.ratio ?? base.retry.budget.ratio,
        windowMs: retry?.budget?.window ?? base.retry.budget.windowMs,
        floorPerSecond: retry?.budget?.floorPerSecond ?? base.retry.budget.floorPerSecond,
      },
      header: retry?.header,
      maxAgeMs: retry?.maxAge === 'none' ? null : retry?.maxAge,
    },
    balancing: { decayMs: balancing?.decay, ramp: resolveRamp(balancing?.ramp, base.balancing.ramp) },
    ejection: {
      failures: ejection?.failures,
      timeMs: ejection?.time,
      timeMaxMs: ejection?.timeMax,
      jitter: ejection?.jitter,
      maxShare: ejection?.maxShare,
      panicBelow: ejection?.panicBelow,
    },
    discovery: {
      drainMs: discovery?.drain,
      emptyHoldMs: discovery?.emptyHold,
      backoff: {
        baseMs: discovery?.backoff?.base ?? base.discovery.backoff.baseMs,
        maxMs: discovery?.backoff?.max ?? base.discovery.backoff.maxMs,
      },
      snapshot: resolveSnapshot(discovery?.snapshot, folder),
    },
    transport: { connections: transport?.connections, keepAliveMs: transport?.keepAlive },
    limits: {
      bodyBytes: limits?.body,
      decodedBodyBytes: limits?.decodedBody,
      jsonDepth: limits?.jsonDepth,
      headersBytes: limits?.headers,
      contentTypes: limits?.contentTypes,
    },
  };
  return resolveUpstreamSettings(withoutUndefined(partial), base);
}

const resolveRamp = (
  checked: { time?: number | undefined; from?: number | undefined } | undefined,
  base: { readonly timeMs: number; readonly from: number },
) => ({ timeMs: checked?.time ?? base.timeMs, from: checked?.from ?? base.from });

const resolveSnapshot = (path: string | undefined, folder: string): string | null | undefined =>
  path === undefined || path === 'none' ? path && null : resolve(folder, path);

/** What was left out must not hide what it is left to. */
function withoutUndefined(value: object): object {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries.map(([name, member]: [string, unknown]) => [
      name,
      typeof member === 'object' && member !== null && !Array.isArray(member) ? withoutUndefined(member) : member,
    ]),
  );
}

function mapValues<Value, Result>(
  object: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}
