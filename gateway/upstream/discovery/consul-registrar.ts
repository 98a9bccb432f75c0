/** Registers an instance with a Consul agent: a service under a TTL check, which goes a minute after that has failed. */
import type { RegisteredService, Registrar } from './registrar.ts';
import type { RegistryClient, RegistryTlsFiles } from './registry-client.ts';

export interface ConsulRegistry extends RegistryTlsFiles {
  readonly type: 'consul';
  /** Of the agent. */
  readonly address: string;
  readonly token?: string;
}

const answerMs = 3_000;

export function createConsulRegistrar(
  { address, token }: ConsulRegistry,
  { service, instance }: RegisteredService,
  ttlMs: number,
): Registrar {
  const base = `${address.replace(/\/$/, '')}/v1/agent`;
  const id = `${service}-${instance.addr}-${instance.port}`;
  const headers = token === undefined ? {} : { 'x-consul-token': token };
  const put = async (client: RegistryClient, path: string, signal: AbortSignal, body?: unknown): Promise<void> =>
    void (await client.json({ url: base + path, method: 'PUT', headers, body, signal, timeoutMs: answerMs }));
  const pass = (client: RegistryClient, signal: AbortSignal) =>
    put(client, `/check/pass/${encodeURIComponent(`service:${id}`)}`, signal);
  return {
    async register(client, signal) {
      await put(client, '/service/register', signal, {
        ID: id,
        Name: service,
        Address: instance.addr,
        Port: instance.port,
        ...(instance.meta === undefined ? {} : { Meta: instance.meta }),
        ...(instance.weight === undefined ? {} : { Weights: { Passing: instance.weight, Warning: 1 } }),
        Check: { TTL: `${Math.ceil(ttlMs / 1000)}s`, DeregisterCriticalServiceAfter: '1m' },
      });
      // A new check is critical until it is told otherwise.
      await pass(client, signal);
    },
    keepAlive: pass,
    deregister: (client, signal) => put(client, `/service/deregister/${encodeURIComponent(id)}`, signal),
  };
}
