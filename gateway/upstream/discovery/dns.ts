/**
 * Addresses from DNS, asked of the servers named in the settings. NXDOMAIN and an empty answer are an empty set; SERVFAIL and
 * silence are a lost registry. Node does not tell the TTL of an SRV record, so the one of its targets stands in for it, and
 * SRV records are asked for again after 5 s at the latest.
 */
import { Resolver } from 'node:dns/promises';
import type { Source } from './keep-set.ts';

export interface DnsSettings {
  readonly type: 'dns';
  readonly name: string;
  readonly record: 'SRV' | 'A' | 'AAAA';
  /** For A and AAAA, which know no port. */
  readonly port: number | undefined;
  /** Left out, those of the machine. */
  readonly servers: readonly string[] | undefined;
  readonly ttlMinMs: number;
  readonly ttlMaxMs: number;
  readonly negativeTtlMs: number;
}

interface Answer {
  readonly candidates: readonly unknown[];
  readonly ttlMs: number;
}

const srvMaxMs = 5_000;
const isEmptyAnswer = (error: unknown) =>
  ['ENOTFOUND', 'ENODATA'].includes((error as NodeJS.ErrnoException).code ?? '');

export function createDnsSource(settings: DnsSettings): Source {
  return {
    type: 'dns',
    async run({ signal, accept, wait }) {
      const resolver = new Resolver({ timeout: 1_000, tries: 2 });
      if (settings.servers !== undefined) resolver.setServers(settings.servers);
      signal.addEventListener('abort', () => resolver.cancel(), { once: true });
      for (;;) {
        const { candidates, ttlMs } = await ask(resolver, settings);
        signal.throwIfAborted();
        accept(candidates);
        const { ttlMinMs, ttlMaxMs, negativeTtlMs } = settings;
        await wait(candidates.length === 0 ? negativeTtlMs : Math.min(Math.max(ttlMs, ttlMinMs), ttlMaxMs));
      }
    },
  };
}

async function ask(resolver: Resolver, { name, record, port }: DnsSettings): Promise<Answer> {
  if (record === 'SRV') return askServices(resolver, name);
  const { addresses, ttlMs } = await askAddresses(resolver, name, [record]);
  return { candidates: addresses.map((addr) => ({ addr, port })), ttlMs };
}

/** Of SRV records only those of the best priority count: the others are for when those are gone from DNS. */
async function askServices(resolver: Resolver, name: string): Promise<Answer> {
  const records = await resolver.resolveSrv(name).catch(emptyIfNone<Awaited<ReturnType<Resolver['resolveSrv']>>>([]));
  const best = Math.min(...records.map(({ priority }) => priority));
  const answers = await Promise.all(
    records
      .filter(({ priority }) => priority === best)
      .map(async ({ name: target, port, weight }) => ({
        port,
        // RFC 2782: weight 0 is a small chance, not none.
        weight: Math.max(weight, 1),
        ...(await askAddresses(resolver, target, ['A', 'AAAA'])),
      })),
  );
  return {
    candidates: answers.flatMap(({ addresses, port, weight }) => addresses.map((addr) => ({ addr, port, weight }))),
    ttlMs: Math.min(srvMaxMs, ...answers.map(({ ttlMs }) => ttlMs)),
  };
}

/** Of the first kind of record there are any of. */
async function askAddresses(
  resolver: Resolver,
  name: string,
  kinds: readonly ('A' | 'AAAA')[],
): Promise<{ addresses: string[]; ttlMs: number }> {
  for (const kind of kinds) {
    const asked = kind === 'A' ? resolver.resolve4(name, { ttl: true }) : resolver.resolve6(name, { ttl: true });
    const records = await asked.catch(emptyIfNone<Awaited<typeof asked>>([]));
    if (records.length === 0) continue;
    return {
      addresses: records.map(({ address }) => address),
      ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1000,
    };
  }
  return { addresses: [], ttlMs: 0 };
}

const emptyIfNone =
  <Records>(none: Records) =>
  (error: unknown): Records => {
    if (isEmptyAnswer(error)) return none;
    throw error;
  };
