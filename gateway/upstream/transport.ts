/**
 * The connections to the instances of a service: undici's `Pool` and nothing more of it (upstream.md, sections 9 and 15), since
 * its interceptors, time limits and size limits each fail a test we need. One pool an origin.
 */
import { buildConnector, Pool, type Dispatcher } from 'undici';
import { nameOf } from './balancing/member.ts';
import type { Call } from './call.ts';
import { callError } from './classify.ts';
import type { Clock } from './clock.ts';
import type { RawAnswer } from './decode.ts';
import type { Instance } from './discovery/discovery.ts';
import { exchange } from './exchange.ts';
import type { UpstreamSettings } from './settings.ts';
import { createTlsFiles, hasTlsFiles, type ReadTlsFiles, type TlsFilesChange } from './tls-files.ts';

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
  /** Hears when the files of `transport.tls` change. */
  readonly onTlsChange: (change: TlsFilesChange) => void;
  /** Takes the place of the pools, for tests. */
  readonly dispatcher?: Dispatcher | undefined;
}

/** A transport for one service. */
export function createTransport({ settings, clock, onTlsChange, dispatcher }: TransportOptions): Transport {
  const pools = new Map<string, Pool>();
  /** Their instances have left, and some of their calls are still in flight. */
  const retired = new Set<Pool>();
  const { tls } = settings.transport;
  const readTls = hasTlsFiles(tls) ? createTlsFiles({ settings: tls, onChange: onTlsChange }) : undefined;
  let closed = false;

  const poolFor = (origin: string): Dispatcher => {
    if (dispatcher !== undefined) return dispatcher;
    let pool = pools.get(origin);
    if (pool === undefined) {
      pool = new Pool(origin, poolOptions(origin, settings, readTls));
      pools.set(origin, pool);
    }
    return pool;
  };

  return {
    async exchange(call) {
      if (closed) throw callError(call, 'UPSTREAM_UNREACHABLE', { reason: 'shutting-down' });
      const url = new URL(call.request.url);
      const origin = call.instance === undefined ? url.origin : originOf(call.instance, url.protocol);
      const path = url.pathname + url.search;
      return await exchange({ dispatcher: poolFor(origin), origin, path, call, settings, clock });
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

function poolOptions(
  origin: string,
  { deadline, limits, transport }: UpstreamSettings,
  readTls: ReadTlsFiles | undefined,
): Pool.Options {
  const isTls = origin.startsWith('https:');
  const timeout = isTls ? deadline.connectTlsMs : deadline.connectMs;
  return {
    connections: transport.connections,
    pipelining: 1,
    keepAliveTimeout: transport.keepAliveMs,
    keepAliveTimeoutThreshold: Math.min(2000, transport.keepAliveMs / 2),
    connect: isTls && readTls !== undefined ? connectWith(readTls, timeout) : { timeout },
    maxHeaderSize: limits.headersBytes,
    // Ours count instead: undici's fire up to half a second late, and never on a body that drips.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  };
}

/** undici keeps the sessions of a connector, and those of other certificates must not be resumed: each has its own. */
function connectWith(readTls: ReadTlsFiles, timeout: number): buildConnector.connector {
  const connectors = new WeakMap<object, buildConnector.connector>();
  return (options, callback) => {
    readTls().then(
      (secureContext) => {
        let connect = connectors.get(secureContext);
        if (connect === undefined) {
          connect = buildConnector({ secureContext, timeout, allowH2: false });
          connectors.set(secureContext, connect);
        }
        connect(options, callback);
      },
      (error: unknown) => callback(error as Error, null),
    );
  };
}
