/**
 * The `upstream` group (upstream.md, section 2), for every service and for one. The numbers come from `upstream/settings.ts`;
 * for one service nothing has a default, because what is left out is taken from the group for every service.
 */
import { z } from 'zod';
import { defaultUpstreamSettings as defaults } from '../upstream/settings.ts';
import {
  duration,
  flag,
  fraction,
  group,
  headerName,
  list,
  oneOf,
  path,
  printDuration,
  printSize,
  share,
  size,
  statuses,
  text,
  wholeNumber,
} from './values.ts';

const redisError = 'an address that starts with "redis://" or "rediss://", or none';
const redisUrl = z.string({ error: redisError }).regex(/^rediss?:\/\/\S+$/, { error: redisError });

/** Its own defaults hold wherever it is written: it has no part without the others. */
const activeCheck = group({
  path: z.string({ error: 'a path such as "/health"' }).regex(/^\//, { error: 'a path such as "/health"' }),
  every: duration().prefault('5s'),
  timeout: duration().prefault('1s'),
});

/** The group, with its defaults or with none. */
export function upstreamSchema({ withDefaults }: { withDefaults: boolean }) {
  const option = <Kind extends z.ZodType>(kind: Kind, byDefault: z.input<Kind>, description: string) =>
    (withDefaults ? kind.prefault(byDefault as never) : kind.optional()).describe(description);
  const part = <Shape extends z.ZodRawShape>(shape: Shape, description: string) =>
    (withDefaults ? group(shape).prefault({} as never) : group(shape).optional()).describe(description);
  const time = (ms: number, description: string) => option(duration(), printDuration(ms), description);

  const pemFile = (description: string) =>
    option(
      z.union([path(), z.literal('none')], { error: 'a path, or none' }).meta({ title: 'path or none' }),
      'none',
      description,
    );

  const { deadline, cache, breaker, bulkhead, retry, balancing, ejection, discovery, transport, limits } = defaults;
  return group({
    deadline: part(
      {
        call: time(deadline.callMs, 'One call with all its attempts and waits'),
        attempt: time(deadline.attemptMs, 'One attempt, from connecting to the last byte; shorter than call'),
        connect: time(deadline.connectMs, 'Opening a TCP connection, for http'),
        connectTls: time(deadline.connectTlsMs, 'Opening a TCP connection and the TLS handshake together, for https'),
        headers: time(deadline.headersMs, 'From the request until the head of the answer is complete'),
        bodyIdle: time(deadline.bodyIdleMs, 'The longest silence inside a body'),
        header: option(headerName(), deadline.header, 'The header that tells a service how many milliseconds are left'),
      },
      'Time limits; the smallest that is left counts',
    ),
    coalesce: option(
      flag(),
      defaults.coalesce,
      'Identical GET requests in flight, and identical queries to remote subgraphs, share one call where the identity is the same',
    ),
    cache: part(
      {
        enabled: option(flag(), cache.enabled, 'Whether answers to GET are kept that say they may be'),
        store: option(
          oneOf('memory', 'redis'),
          cache.store,
          'Where: in each gateway by itself, or in a Redis that several share',
        ),
        url: option(
          z.union([redisUrl, z.literal('none')], { error: redisError }).meta({ title: 'URL or none' }),
          'none',
          'The address of Redis, with its credentials: write it as a variable, "${REDIS_URL}"',
        ),
        prefix: option(text('a prefix such as "tributary:"'), cache.prefix, 'In front of every key in Redis'),
        timeout: time(cache.timeoutMs, 'How long a call waits for Redis; then the service is asked'),
        entries: option(wholeNumber(1, 10_000_000), cache.entries, 'Answers kept of one service'),
        size: option(size(), printSize(cache.bytes), 'Memory for the answers of one service'),
        entrySize: option(size(), printSize(cache.entryBytes), 'A larger answer is not kept'),
      },
      'Answers that are kept, by RFC 9111, apart for each identity',
    ),
    breaker: part(
      {
        enabled: option(flag(), breaker.enabled, 'Whether a service that fails is left alone for a while'),
        scope: option(
          oneOf('service', 'connector'),
          breaker.scope,
          'What one breaker stands for: the service, or each of its connectors',
        ),
        window: time(breaker.windowMs, 'The time over which calls are counted'),
        buckets: option(wholeNumber(1, 1000), breaker.buckets, 'Slices of the window; the oldest one falls out'),
        minimumCalls: option(
          wholeNumber(1, 1_000_000),
          breaker.minimumCalls,
          'It does not open on fewer calls in the window than this',
        ),
        failureRate: option(fraction(), breaker.failureRate, 'It opens at this share of failures'),
        failureStatuses: option(
          statuses(),
          [...breaker.failureStatuses],
          'Statuses that count as failures; "5xx" stands for all of them',
        ),
        slowCalls: part(
          {
            enabled: option(flag(), breaker.slowCalls.enabled, 'Whether slow calls open it as well'),
            rate: option(fraction(), breaker.slowCalls.rate, 'It opens at this share of slow calls'),
            time: option(fraction(), breaker.slowCalls.time, 'A call is slow after this share of deadline.attempt'),
          },
          'Opening on slowness',
        ),
        open: time(breaker.openMs, 'How long it stays open before it lets a probe through'),
        openMax: time(breaker.openMaxMs, 'The wait is doubled after each failed probe, up to this'),
        jitter: option(fraction(), breaker.jitter, 'Each wait is longer or shorter by up to this share'),
        probes: option(wholeNumber(1, 100), breaker.probes, 'Probes in flight at one time'),
        successes: option(wholeNumber(1, 100), breaker.successes, 'Probes that must succeed before it closes'),
        ramp: part(
          {
            time: time(breaker.ramp.timeMs, 'After closing, until all calls are let in again'),
            from: option(fraction(), breaker.ramp.from, 'The share of calls that is let in at first'),
          },
          'Coming back slowly',
        ),
      },
      'Leaves a service alone that fails, and tries again by itself',
    ),
    bulkhead: part(
      {
        concurrent: option(wholeNumber(1, 100_000), bulkhead.concurrent, 'Calls in flight to one service'),
        queue: option(wholeNumber(0, 1_000_000), bulkhead.queue, 'Calls that may wait for a place'),
        queueWait: time(bulkhead.queueWaitMs, 'How long a call may wait for a place'),
        batchFanOut: option(
          wholeNumber(1, 100_000),
          bulkhead.batchFanOut,
          'Calls in flight to one service for one client request; the others wait their turn',
        ),
      },
      'Keeps one slow service from holding everything',
    ),
    retry: part(
      {
        retries: option(wholeNumber(0, 2), retry.retries, 'How often a call is tried again'),
        statuses: option(
          list(wholeNumber(400, 599), 'a list of statuses such as [502, 503, 504]'),
          [...retry.statuses],
          'Statuses after which a call that may be repeated is tried again',
        ),
        backoff: part(
          {
            base: time(retry.backoff.baseMs, 'The longest wait before the first retry; doubles each time'),
            max: time(retry.backoff.maxMs, 'The longest wait before any retry'),
          },
          'Waits before retries; each is a random part of its longest',
        ),
        retryAfterMax: time(retry.retryAfterMaxMs, 'A Retry-After longer than this ends the call instead'),
        budget: part(
          {
            ratio: option(share(), retry.budget.ratio, 'Retries allowed, as a share of the calls in the window'),
            window: time(retry.budget.windowMs, 'The time over which calls and retries are counted'),
            floorPerSecond: option(
              share(),
              retry.budget.floorPerSecond,
              'Retries a second allowed on top of the share',
            ),
          },
          'Keeps retries from making an outage worse',
        ),
        header: option(headerName(), retry.header, 'The header that carries the number of a repeated attempt'),
        maxAge: option(
          z
            .union([duration(), z.literal('none')], { error: 'a duration such as "2s", or none' })
            .meta({ title: 'duration or none' }),
          'none',
          'A call older than this is not tried again',
        ),
      },
      'Trying again what may be tried again',
    ),
    balancing: part(
      {
        decay: time(balancing.decayMs, 'How long a slow answer of an instance is remembered'),
        ramp: part(
          {
            time: time(balancing.ramp.timeMs, 'Until a new or returned instance has its full share'),
            from: option(fraction(), balancing.ramp.from, 'Its share at first'),
          },
          'Slow start',
        ),
      },
      'Choosing an instance; where discovery gives a set',
    ),
    ejection: part(
      {
        failures: option(
          wholeNumber(1, 100_000),
          ejection.failures,
          'An instance is out after as many failures in a row',
        ),
        time: time(ejection.timeMs, 'For how long; twice as long the second time in a row, and so on'),
        timeMax: time(ejection.timeMaxMs, 'The longest time it is out'),
        jitter: option(fraction(), ejection.jitter, 'Each time is longer or shorter by up to this share'),
        maxShare: option(fraction(), ejection.maxShare, 'Share of the set that may be out, at least one instance'),
        panicBelow: option(fraction(), ejection.panicBelow, 'With a smaller share of healthy ones all are used'),
        activeCheck: option(
          z
            .union([z.literal(false), activeCheck], { error: 'false, or a group with "path"' })
            .meta({ title: 'false or a group: path, every, timeout' }),
          false,
          'Asks each instance by itself whether it lives, by GET of a path: every 5s, with a timeout of 1s',
        ),
      },
      'Leaves an instance out that fails',
    ),
    discovery: part(
      {
        drain: time(discovery.drainMs, 'How long calls in flight to an instance that has left may still take'),
        emptyHold: time(
          discovery.emptyHoldMs,
          'An empty set counts only after the registry has given it for this long',
        ),
        backoff: part(
          {
            base: time(discovery.backoff.baseMs, 'The wait after the first loss of a registry; doubles each time'),
            max: time(discovery.backoff.maxMs, 'The longest wait'),
          },
          'Waits before a registry that was lost is tried again',
        ),
        snapshot: option(
          z.union([path(), z.literal('none')], { error: 'a path, or none' }).meta({ title: 'path or none' }),
          'none',
          'A file for the last good sets, to start from while a registry is away',
        ),
      },
      'Changes of the set of instances',
    ),
    transport: part(
      {
        connections: option(wholeNumber(1, 100_000), transport.connections, 'Connections to one address'),
        keepAlive: time(transport.keepAliveMs, 'How long an idle connection is kept'),
        tls: part(
          {
            ca: pemFile('A PEM file with the authorities to trust, instead of those that Node knows'),
            cert: pemFile(
              'A PEM file with the certificate to show to the service, and those between it and its authority',
            ),
            key: pemFile('A PEM file with the key of that certificate'),
          },
          'Certificates, for https; the files are read again when they change',
        ),
      },
      'Connections',
    ),
    limits: part(
      {
        body: option(size(), printSize(limits.bodyBytes), 'Bytes of a body on the wire, compressed or not'),
        decodedBody: option(size(), printSize(limits.decodedBodyBytes), 'Bytes of a body once it is decompressed'),
        jsonDepth: option(wholeNumber(1, 1000), limits.jsonDepth, 'Levels of arrays and objects within each other'),
        headers: option(size(), printSize(limits.headersBytes), 'Bytes of the header fields'),
        contentTypes: option(
          list(text('a content type such as "*/json"'), 'a list of content types'),
          [...limits.contentTypes],
          'Content types that are read; "!" in front refuses',
        ),
      },
      'Limits on the answers of a service',
    ),
  });
}
