/**
 * Addresses from Consul, by blocking queries: each answer carries an index, and the next question waits until that has moved
 * or the time is over. An index that goes back is started over from 0, as Consul's documentation asks.
 */
import type { Source } from './keep-set.ts';
import { openRegistryClient, type RegistryTlsFiles } from './registry-client.ts';

export interface ConsulSettings extends RegistryTlsFiles {
  readonly type: 'consul';
  readonly address: string;
  readonly service: string;
  readonly waitMs: number;
  readonly token: string | undefined;
}

/** Consul adds up to a sixteenth of the wait at random; the rest is for the way. */
const patience = (waitMs: number): number => waitMs + waitMs / 16 + 5_000;

/** An index that moves all the time must not make a tight loop. */
const leastMs = 100;

interface Entry {
  readonly Node?: { readonly Address?: string; readonly Datacenter?: string };
  readonly Service?: {
    readonly Address?: string;
    readonly Port?: number;
    readonly Weights?: { readonly Passing?: number };
  };
}

export function createConsulSource(settings: ConsulSettings): Source {
  const { address, service, waitMs, token } = settings;
  const url = new URL(`${address.replace(/\/$/, '')}/v1/health/service/${encodeURIComponent(service)}`);
  return {
    type: 'consul',
    async run({ signal, accept, wait }) {
      const client = await openRegistryClient(settings);
      let index = 0;
      try {
        for (;;) {
          url.search = `passing=true&index=${index}&wait=${Math.round(waitMs / 1000)}s`;
          const { headers, value } = await client.json({
            url: url.href,
            headers: token === undefined ? {} : { 'x-consul-token': token },
            signal,
            timeoutMs: patience(waitMs),
          });
          if (!Array.isArray(value)) throw new Error('Consul did not answer with a list');
          const next = Number(headers['x-consul-index']);
          if (!Number.isSafeInteger(next)) throw new Error('Consul answered without an index');
          accept(value.map((entry) => readEntry(entry as Entry)));
          // Below 1 an index would not block at all.
          index = next < index ? 0 : Math.max(next, 1);
          await wait(leastMs);
        }
      } finally {
        await client.close();
      }
    },
  };
}

/** A service without address of its own is at the address of its node. */
function readEntry(entry: Entry | null): unknown {
  const { Node, Service } = entry ?? {};
  const weight = Service?.Weights?.Passing;
  return {
    addr: Service?.Address === undefined || Service.Address === '' ? Node?.Address : Service.Address,
    port: Service?.Port,
    ...(weight === undefined ? {} : { weight }),
    ...(Node?.Datacenter === undefined ? {} : { zone: Node.Datacenter }),
  };
}
