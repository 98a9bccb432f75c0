/** A DNS server on loopback and a source that asks it, with waits short enough for a test. */
import { createDnsSource, type DnsSettings } from '../../../gateway/upstream/discovery/dns.ts';
import { startDnsServer, type DnsAnswer } from './dns-server.ts';
import { watchSource } from './watch-source.ts';

export async function startDns(
  table: Record<string, DnsAnswer>,
  settings: Partial<DnsSettings> = {},
  options: Parameters<typeof watchSource>[1] = {},
) {
  const server = await startDnsServer(table);
  const source = createDnsSource({
    type: 'dns',
    name: 'authors.internal',
    record: 'A',
    port: 4002,
    servers: [server.address],
    ttlMinMs: 20,
    ttlMaxMs: 100,
    negativeTtlMs: 20,
    ...settings,
  });
  return { server, watched: watchSource(source, options) };
}
