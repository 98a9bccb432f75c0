// F29 of the fault table, against a DNS server on loopback that is asked by Node's own resolver.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createUpstream } from 'tributary-gateway/upstream';
import { discoverServices } from '../../gateway/upstream/discovery/discover-services.ts';
import { startDnsServer } from '../upstream/discovery/dns-server.ts';
import { startDns } from '../upstream/discovery/start-dns.ts';
import { FakeClock } from '../upstream/fake-clock.ts';

const a = (address: string, ttl = 0) => ({ a: address, ttl });

describe('F29 DNS that fails keeps the last good set; a change is used when its time to live is over', () => {
  test.each(['SERVFAIL', 'silent'] as const)(
    '%s keeps the old set and marks it as stale, until the server answers again',
    async (answer) => {
      const { server, watched } = await startDns({ 'authors.internal': [a('127.0.0.1')] });
      await watched.untilAddresses('127.0.0.1:4002');
      server.table['authors.internal'] = answer;
      await watched.untilEvent('registry-lost');
      expect(watched.kept.status().isStale).toBe(true);
      expect(watched.addresses()).toEqual(['127.0.0.1:4002']);
      server.table['authors.internal'] = [a('127.0.0.2')];
      await watched.untilAddresses('127.0.0.2:4002');
      expect(watched.kept.status().isStale).toBe(false);
    },
  );

  test.each(['NXDOMAIN', []] as const)('%j that lasts is an empty set, and no lost registry', async (answer) => {
    const { server, watched } = await startDns({ 'authors.internal': [a('127.0.0.1')] });
    await watched.untilAddresses('127.0.0.1:4002');
    server.table['authors.internal'] = answer;
    await server.asked('authors.internal');
    expect(watched.addresses()).toEqual(['127.0.0.1:4002']);
    await watched.untilAddresses();
    expect(watched.events.map(({ kind }) => kind)).not.toContain('registry-lost');
  });

  test.each([
    [0, 1000],
    [7, 7000],
    [86_400, 30_000],
  ])('under a TTL of %i s it is asked again after %i ms, and the change is used at once', async (ttl, waitMs) => {
    const clock = new FakeClock();
    const limits = { ttlMinMs: 1000, ttlMaxMs: 30_000, negativeTtlMs: 1000 };
    const { server, watched } = await startDns({ 'authors.internal': [a('127.0.0.1', ttl)] }, limits, { clock });
    await watched.untilAddresses('127.0.0.1:4002');
    await clock.untilScheduled(waitMs);
    server.table['authors.internal'] = [a('127.0.0.2', ttl)];
    clock.advance(waitMs - 1);
    expect(server.questions).toHaveLength(1);
    clock.advance(1);
    await watched.untilAddresses('127.0.0.2:4002');
    expect(server.questions).toHaveLength(2);
  });

  test('one of three addresses is dead: 120 calls of any method, 0 errors', async () => {
    const port = await listenAt(['127.0.0.1', '127.0.0.2']);
    const dns = await startDnsServer({ 'authors.internal': [1, 2, 3].map((n) => a(`127.0.0.${n}`, 60)) });
    const times = { ttlMinMs: 1000, ttlMaxMs: 30_000, negativeTtlMs: 1000 };
    let found = () => {};
    const isFound = new Promise<void>((resolve) => (found = resolve));
    const discovery = discoverServices({
      services: [
        {
          service: 'authors',
          discovery: { type: 'dns', name: 'authors.internal', record: 'A', port, servers: [dns.address], ...times },
          keep: { emptyHoldMs: 5000, backoff: { baseMs: 250, maxMs: 1000 }, snapshot: null },
        },
      ],
      emit: () => found(),
    });
    const upstream = createUpstream({ discovery: discovery.sources });
    onTestFinished(async () => {
      await upstream.close();
      await discovery.close();
    });
    await isFound;
    const call = async (n: number) => {
      const method = ['GET', 'POST', 'PATCH'][n % 3]!;
      const context = {
        signal: new AbortController().signal,
        deadlineAt: performance.now() + 30_000,
        identity: '',
        requestId: '',
      };
      const url = `http://authors.internal/${n}`;
      const { status } = await upstream.call({ service: 'authors', method, url, headers: {}, context });
      return status;
    };
    const ends: number[] = [];
    for (let n = 0; n < 120; n++) ends.push(await call(n));
    expect(ends.filter((status) => status !== 200)).toEqual([]);
    expect(upstream.describe()[0]!.instances.filter(({ state }) => state === 'ejected')).toHaveLength(1);
  });
});

/** The same port at each address. */
async function listenAt(addresses: readonly string[], port = 0): Promise<number> {
  const [address, ...others] = addresses;
  if (address === undefined) return port;
  const server = createServer((_request, response) => void response.end('{}'));
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return listenAt(others, (server.address() as AddressInfo).port);
}
