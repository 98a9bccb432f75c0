/** Registers an instance with etcd: a key under a lease, which goes when the lease runs out. */
import { connectEtcd, encode, type EtcdConnection, type EtcdUser } from './etcd-connection.ts';
import type { RegisteredService, Registrar } from './registrar.ts';
import type { RegistryTlsFiles } from './registry-client.ts';

export interface EtcdRegistry extends RegistryTlsFiles {
  readonly type: 'etcd';
  readonly endpoint: string;
  /** Ends in a slash: /services/orders/ */
  readonly prefix: string;
  readonly user?: EtcdUser;
}

export function createEtcdRegistrar(registry: EtcdRegistry, { instance }: RegisteredService, ttlMs: number): Registrar {
  const { endpoint, prefix, user } = registry;
  let etcd: EtcdConnection | undefined;
  let lease = '';
  return {
    async register(client, signal) {
      etcd = await connectEtcd({ client, endpoint, user, signal });
      const granted = await etcd.post('/v3/lease/grant', { TTL: Math.ceil(ttlMs / 1000) }, signal);
      lease = (granted as { ID: string }).ID;
      const key = encode(`${prefix}${instance.addr}:${instance.port}`);
      await etcd.post('/v3/kv/put', { key, value: encode(JSON.stringify(instance)), lease }, signal);
    },
    async keepAlive(_client, signal) {
      const answer = await etcd!.post('/v3/lease/keepalive', { ID: lease }, signal);
      const { result } = answer as { result?: { TTL?: string } };
      if (Number(result?.TTL ?? 0) <= 0) throw new Error('The lease ran out');
    },
    async deregister(client, signal) {
      if (lease === '') return;
      // The token may be as old as the registration.
      const connected = await connectEtcd({ client, endpoint, user, signal });
      await connected.post('/v3/lease/revoke', { ID: lease }, signal);
    },
  };
}
