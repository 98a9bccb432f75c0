/**
 * For services: registers one instance and keeps it registered, as an etcd lease or a Consul TTL check. Alive is told at a third
 * of the time to live; after a pause in which the registration ran out it is made again, with no help.
 */
import { systemClock, type Clock, type RandomSource } from '../clock.ts';
import { createConsulRegistrar, type ConsulRegistry } from './consul-registrar.ts';
import { createEtcdRegistrar, type EtcdRegistry } from './etcd-registrar.ts';
import type { RegisteredService, Registrar } from './registrar.ts';
import { openRegistryClient, type RegistryClient } from './registry-client.ts';

export interface RegistrationOptions extends RegisteredService {
  readonly registry: EtcdRegistry | ConsulRegistry;
  /** How long it stays registered without a sign of life; 15 s by default. */
  readonly ttlMs?: number;
  /** Hears of each change: registered, and lost with why. */
  readonly onChange?: (change: { readonly isRegistered: boolean; readonly reason?: string }) => void;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

export interface Registration {
  /** Takes the registration back. */
  stop(): Promise<void>;
}

const backoff = { baseMs: 250, maxMs: 30_000 };

/** Registers from now on, until it is stopped. */
export function registerInstance(options: RegistrationOptions): Registration {
  const { ttlMs = 15_000, clock = systemClock, random = Math.random, onChange = () => {} } = options;
  const registrar = createRegistrar(options, ttlMs);
  /** Undefined while there is no connection. */
  let client: RegistryClient | undefined;
  const stopped = new AbortController();
  const { signal } = stopped;
  let isRegistered = false;
  /** Also when the answer never came. */
  let hasAsked = false;
  let failures = 0;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const stopTimer = clock.schedule(done, ms);
      function done() {
        stopTimer();
        signal.removeEventListener('abort', done);
        resolve();
      }
      if (signal.aborted) done();
      else signal.addEventListener('abort', done, { once: true });
    });
  const connect = async (): Promise<RegistryClient> => (client ??= await openRegistryClient(options.registry));
  const disconnect = async (): Promise<void> => {
    await client?.close();
    client = undefined;
  };
  const step = async (): Promise<number> => {
    try {
      const connected = await connect();
      hasAsked = true;
      await (isRegistered ? registrar.keepAlive(connected, signal) : registrar.register(connected, signal));
      if (!isRegistered) onChange({ isRegistered: true });
      isRegistered = true;
      failures = 0;
      return ttlMs / 3;
    } catch (error) {
      if (signal.aborted) return 0;
      // Certificates may have changed since.
      await disconnect();
      if (isRegistered) onChange({ isRegistered: false, reason: String((error as Error).message) });
      const wasRegistered = isRegistered;
      isRegistered = false;
      // One that ran out is made again at once; a registry that is away is not pressed.
      if (wasRegistered) return 0;
      const longestMs = Math.min(backoff.baseMs * 2 ** failures++, backoff.maxMs, ttlMs / 3);
      return longestMs * (0.5 + random() / 2);
    }
  };
  const run = async () => {
    while (!signal.aborted) await pause(await step());
  };

  const deregister = async () => registrar.deregister(await connect(), new AbortController().signal);

  const ended = run();
  return {
    async stop() {
      stopped.abort();
      await ended;
      // A registry that is away forgets by itself when the time to live is over.
      if (hasAsked) await deregister().catch(() => {});
      await disconnect();
    },
  };
}

function createRegistrar({ registry, ...about }: RegistrationOptions, ttlMs: number): Registrar {
  switch (registry.type) {
    case 'etcd':
      return createEtcdRegistrar(registry, about, ttlMs);
    case 'consul':
      return createConsulRegistrar(registry, about, ttlMs);
  }
}
