/**
 * For services: registers one instance and keeps it registered, as an etcd lease or a Consul TTL check. Alive is told at a third
 * of the time to live; after a pause in which the registration ran out it is made again, with no help.
 */
import { systemClock, type Clock, type RandomSource } from '../clock.ts';
import { createRegistryClient, type RegistryClient } from './registry-client.ts';

export interface RegistrationOptions {
  readonly registry:
    | {
        readonly type: 'etcd';
        readonly endpoint: string;
        /** Ends in a slash: /services/orders/ */ readonly prefix: string;
      }
    | { readonly type: 'consul'; readonly address: string; readonly token?: string };
  readonly service: string;
  readonly instance: {
    readonly addr: string;
    readonly port: number;
    readonly weight?: number;
    readonly zone?: string;
    readonly meta?: Readonly<Record<string, string>>;
  };
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

/** What differs between registries; each rejects when the registry does not do it. */
interface Registrar {
  register(signal: AbortSignal): Promise<void>;
  keepAlive(signal: AbortSignal): Promise<void>;
  deregister(signal: AbortSignal): Promise<void>;
}

const answerMs = 3_000;
const backoff = { baseMs: 250, maxMs: 30_000 };

/** Registers from now on, until it is stopped. */
export function registerInstance(options: RegistrationOptions): Registration {
  const { ttlMs = 15_000, clock = systemClock, random = Math.random, onChange = () => {} } = options;
  const client = createRegistryClient();
  const registrar =
    options.registry.type === 'etcd'
      ? createEtcdRegistrar(client, options.registry, options, ttlMs)
      : createConsulRegistrar(client, options.registry, options, ttlMs);
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
  const step = async (): Promise<number> => {
    try {
      hasAsked = true;
      await (isRegistered ? registrar.keepAlive(signal) : registrar.register(signal));
      if (!isRegistered) onChange({ isRegistered: true });
      isRegistered = true;
      failures = 0;
      return ttlMs / 3;
    } catch (error) {
      if (signal.aborted) return 0;
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

  const ended = run();
  return {
    async stop() {
      stopped.abort();
      await ended;
      // A registry that is away forgets by itself when the time to live is over.
      if (hasAsked) await registrar.deregister(new AbortController().signal).catch(() => {});
      await client.close();
    },
  };
}

type About = Pick<RegistrationOptions, 'service' | 'instance'>;

function createEtcdRegistrar(
  client: RegistryClient,
  { endpoint, prefix }: Extract<RegistrationOptions['registry'], { type: 'etcd' }>,
  { instance }: About,
  ttlMs: number,
): Registrar {
  const base = endpoint.replace(/\/$/, '');
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const post = async (path: string, body: unknown, signal: AbortSignal) =>
    (await client.json({ url: base + path, method: 'POST', body, signal, timeoutMs: answerMs })).value;
  let lease = '';
  return {
    async register(signal) {
      const granted = (await post('/v3/lease/grant', { TTL: Math.ceil(ttlMs / 1000) }, signal)) as { ID: string };
      lease = granted.ID;
      const key = encode(`${prefix}${instance.addr}:${instance.port}`);
      await post('/v3/kv/put', { key, value: encode(JSON.stringify(instance)), lease }, signal);
    },
    async keepAlive(signal) {
      const { result } = (await post('/v3/lease/keepalive', { ID: lease }, signal)) as { result?: { TTL?: string } };
      if (Number(result?.TTL ?? 0) <= 0) throw new Error('The lease ran out');
    },
    async deregister(signal) {
      if (lease !== '') await post('/v3/lease/revoke', { ID: lease }, signal);
    },
  };
}

function createConsulRegistrar(
  client: RegistryClient,
  { address, token }: Extract<RegistrationOptions['registry'], { type: 'consul' }>,
  { service, instance }: About,
  ttlMs: number,
): Registrar {
  const base = `${address.replace(/\/$/, '')}/v1/agent`;
  const id = `${service}-${instance.addr}-${instance.port}`;
  const headers = token === undefined ? {} : { 'x-consul-token': token };
  const put = async (path: string, signal: AbortSignal, body?: unknown): Promise<void> =>
    void (await client.json({ url: base + path, method: 'PUT', headers, body, signal, timeoutMs: answerMs }));
  const pass = (signal: AbortSignal) => put(`/check/pass/${encodeURIComponent(`service:${id}`)}`, signal);
  return {
    async register(signal) {
      await put('/service/register', signal, {
        ID: id,
        Name: service,
        Address: instance.addr,
        Port: instance.port,
        ...(instance.meta === undefined ? {} : { Meta: instance.meta }),
        ...(instance.weight === undefined ? {} : { Weights: { Passing: instance.weight, Warning: 1 } }),
        Check: { TTL: `${Math.ceil(ttlMs / 1000)}s`, DeregisterCriticalServiceAfter: '1m' },
      });
      // A new check is critical until it is told otherwise.
      await pass(signal);
    },
    keepAlive: pass,
    deregister: (signal) => put(`/service/deregister/${encodeURIComponent(id)}`, signal),
  };
}
