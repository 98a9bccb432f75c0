/**
 * One HTTP exchange, on undici's `Pool.request` and nothing more of it (upstream.md, sections 9 and 15): its interceptors,
 * time limits and size limits each fail a test we need. One pool an origin. Redirects are not followed, 103 is skipped.
 */
import { Pool, type Dispatcher } from 'undici';
import { nameOf } from './balancing/member.ts';
import type { Call } from './call.ts';
import { callError, classifyTransportError, neverSentReason } from './classify.ts';
import type { Clock } from './clock.ts';
import type { RawAnswer } from './decode.ts';
import type { Instance } from './discovery/discovery.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import { linkSignal, untilAborted, type LinkedSignal } from './linked-signal.ts';
import type { UpstreamSettings } from './settings.ts';

export interface Transport {
  /** Resolves with a complete answer, whatever its status; rejects with UpstreamError. */
  exchange(call: Call): Promise<RawAnswer>;
  /** Ends the connections to an instance that has left, once what is in flight has finished. */
  retire(instance: Instance): void;
  /** Ends all connections, also those in use. */
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly settings: UpstreamSettings;
  readonly clock: Clock;
  /** Takes the place of the pools, for tests. */
  readonly dispatcher?: Dispatcher | undefined;
}

/** A transport for one service. */
export function createTransport({ settings, clock, dispatcher }: TransportOptions): Transport {
  const pools = new Map<string, Pool>();
  /** Their instances have left, and some of their calls are still in flight. */
  const retired = new Set<Pool>();
  let closed = false;

  const poolFor = (origin: string): Dispatcher => {
    if (dispatcher !== undefined) return dispatcher;
    let pool = pools.get(origin);
    if (pool === undefined) {
      pool = new Pool(origin, poolOptions(origin, settings));
      pools.set(origin, pool);
    }
    return pool;
  };

  return {
    async exchange(call) {
      if (closed) throw callError(call, 'UPSTREAM_UNREACHABLE', { reason: 'shutting-down' });
      const url = new URL(call.request.url);
      const origin = call.instance === undefined ? url.origin : originOf(call.instance, url.protocol);
      return await exchangeOver(poolFor(origin), origin, url.pathname + url.search, call, settings, clock);
    },
    retire(instance) {
      for (const origin of [originOf(instance, 'http:'), originOf(instance, 'https:')]) {
        const pool = pools.get(origin);
        if (pool === undefined) continue;
        pools.delete(origin);
        retired.add(pool);
        const stopTimer = clock.schedule(() => void pool.destroy(), settings.discovery.drainMs);
        void pool.close().finally(() => {
          stopTimer();
          retired.delete(pool);
        });
      }
    },
    async close() {
      closed = true;
      await Promise.all([...pools.values(), ...retired].map((pool) => pool.destroy()));
      pools.clear();
    },
  };
}

/** The scheme of the request holds where the source of addresses says nothing. */
const originOf = (instance: Instance, protocol: string): string =>
  `${instance.scheme ?? protocol.slice(0, -1)}://${nameOf(instance)}`;

function poolOptions(origin: string, { deadline, limits, transport }: UpstreamSettings): Pool.Options {
  return {
    connections: transport.connections,
    pipelining: 1,
    keepAliveTimeout: transport.keepAliveMs,
    keepAliveTimeoutThreshold: Math.min(2000, transport.keepAliveMs / 2),
    connect: { timeout: origin.startsWith('https:') ? deadline.connectTlsMs : deadline.connectMs },
    maxHeaderSize: limits.headersBytes,
    // Ours count instead: undici's fire up to half a second late, and never on a body that drips.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  };
}

async function exchangeOver(
  dispatcher: Dispatcher,
  origin: string,
  path: string,
  call: Call,
  settings: UpstreamSettings,
  clock: Clock,
): Promise<RawAnswer> {
  const link = linkSignal(call.signal);
  const wasDispatched = call.progress.dispatched;
  const stopHeaderLimit = limitPhase(call, link, clock, 'deadline.headers', settings.deadline.headersMs);
  try {
    call.progress.dispatched = true;
    const response = await untilAborted(
      link.signal,
      dispatcher.request({
        origin,
        path,
        method: call.request.method,
        headers: requestHeaders(call, settings, clock.now()),
        body: call.request.body ?? null,
        signal: link.signal,
      }),
    ).catch((error: unknown) => {
      if (neverSentReason(error) !== undefined) call.progress.dispatched = wasDispatched;
      throw classifyTransportError(call, error, 'head');
    });
    stopHeaderLimit();
    return await readAnswer(response, call, link, settings, clock);
  } finally {
    stopHeaderLimit();
    link.release();
  }
}

/** Ends the attempt when a phase takes too long. */
function limitPhase(call: Call, link: LinkedSignal, clock: Clock, name: string, limitMs: number): () => void {
  const expire = () => link.abort(callError(call, 'UPSTREAM_TIMEOUT', { reason: `${name}, ${limitMs} ms` }));
  return clock.schedule(expire, limitMs);
}

const neverHasBody: ReadonlySet<number> = new Set([204, 205, 304]);

async function readAnswer(
  response: Dispatcher.ResponseData,
  call: Call,
  link: LinkedSignal,
  settings: UpstreamSettings,
  clock: Clock,
): Promise<RawAnswer> {
  const { statusCode: status, headers } = response;
  const endedByClose = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
  const answer = { status, headers: responseHeaders(headers), endedByClose };
  if (neverHasBody.has(status)) {
    // Destroying a body that is still to come closes the socket; where one has ended by its length, the socket is in order.
    response.body.on('error', () => {}).destroy();
    return { ...answer, bytes: Buffer.alloc(0) };
  }
  try {
    return { ...answer, bytes: await readBytes(response, call, link, settings, clock) };
  } catch (error) {
    throw classifyTransportError(call, error, 'body');
  }
}

/** Collects the body; a limit passed or a silence too long destroys the connection. */
async function readBytes(
  { body, headers, statusCode: status }: Dispatcher.ResponseData,
  call: Call,
  link: LinkedSignal,
  { deadline, limits }: UpstreamSettings,
  clock: Clock,
): Promise<Buffer> {
  const tooLarge = () =>
    callError(call, 'UPSTREAM_TOO_LARGE', { status, reason: `limits.body, ${limits.bodyBytes} bytes` });
  const announced = Number(headers['content-length'] ?? 0);
  const isHead = call.request.method === 'HEAD';
  const watch = watchSilence(call, link, clock, deadline.bodyIdleMs);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    if (!isHead && announced > limits.bodyBytes) link.abort(tooLarge());
    // By events: an async iterator over the body costs as much as the whole exchange.
    await new Promise<void>((resolve, reject) => {
      body
        .on('data', (chunk: Buffer) => {
          watch.heard();
          size += chunk.length;
          // Destroying the body destroys the connection.
          if (size > limits.bodyBytes) body.destroy(tooLarge());
          else chunks.push(chunk);
        })
        .on('end', resolve)
        .on('error', reject);
    });
    return Buffer.concat(chunks, size);
  } finally {
    watch.stop();
  }
}

/** One timer for the whole body, set again only when it fires: a body has many chunks. */
function watchSilence(call: Call, link: LinkedSignal, clock: Clock, limitMs: number) {
  let heardAt = clock.now();
  const check = () => {
    const leftMs = heardAt + limitMs - clock.now();
    if (leftMs > 0) stopTimer = clock.schedule(check, leftMs);
    else link.abort(callError(call, 'UPSTREAM_TIMEOUT', { reason: `deadline.bodyIdle, ${limitMs} ms` }));
  };
  let stopTimer = clock.schedule(check, limitMs);
  return {
    heard: () => {
      heardAt = clock.now();
    },
    stop: () => stopTimer(),
  };
}
