/** `upstream:` of the settings file, for all services, one service or one connector, as `upstream/` takes it. */
import { resolve } from 'node:path';
import type { z } from 'zod';
import { resolveUpstreamSettings, type UpstreamSettings } from '../upstream/settings.ts';
import type { upstreamSchema } from './upstream-schema.ts';

export type CheckedUpstream = z.output<ReturnType<typeof upstreamSchema>>;

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
      store: cache?.store,
      url: cache?.url === 'none' ? null : cache?.url,
      prefix: cache?.prefix,
      timeoutMs: cache?.timeout,
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
    bulkhead: {
      concurrent: bulkhead?.concurrent,
      queue: bulkhead?.queue,
      queueWaitMs: bulkhead?.queueWait,
      batchFanOut: bulkhead?.batchFanOut,
    },
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
      activeCheck: resolveActiveCheck(ejection?.activeCheck),
    },
    discovery: {
      drainMs: discovery?.drain,
      emptyHoldMs: discovery?.emptyHold,
      backoff: {
        baseMs: discovery?.backoff?.base ?? base.discovery.backoff.baseMs,
        maxMs: discovery?.backoff?.max ?? base.discovery.backoff.maxMs,
      },
      snapshot: resolveFile(discovery?.snapshot, folder),
    },
    transport: {
      connections: transport?.connections,
      keepAliveMs: transport?.keepAlive,
      tls: resolveTls(transport?.tls, base.transport.tls, folder),
    },
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

type CheckedActiveCheck = NonNullable<NonNullable<CheckedUpstream['ejection']>['activeCheck']>;

const resolveActiveCheck = (checked: CheckedActiveCheck | undefined) =>
  typeof checked === 'object'
    ? { path: checked.path, everyMs: checked.every, timeoutMs: checked.timeout }
    : checked === false
      ? null
      : undefined;

function resolveTls(
  checked: { readonly [File in 'ca' | 'cert' | 'key']?: string | undefined } | undefined,
  base: UpstreamSettings['transport']['tls'],
  folder: string,
): UpstreamSettings['transport']['tls'] {
  const fileOf = (file: 'ca' | 'cert' | 'key') => {
    const path = resolveFile(checked?.[file], folder);
    return path === undefined ? base[file] : path;
  };
  return { ca: fileOf('ca'), cert: fileOf('cert'), key: fileOf('key') };
}

/** Null for none, undefined for what was left out. */
function resolveFile(path: string | undefined, folder: string): string | null | undefined {
  if (path === undefined) return undefined;
  return path === 'none' ? null : resolve(folder, path);
}

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

/** What one service says over what holds for all. */
export function resolveServiceUpstream(
  own: CheckedUpstream | undefined,
  general: UpstreamSettings,
  folder: string,
): UpstreamSettings {
  return own === undefined ? general : resolveUpstream(own, general, folder);
}
