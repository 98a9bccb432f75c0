// F30 to F34 of the fault table: registries that are away, die, forget or talk nonsense, and what calls notice of it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  createUpstream,
  registerInstance,
  systemClock,
  type Clock,
  type UpstreamError,
} from 'tributary-gateway/upstream';
import { discoverServices, type DiscoverySettings } from '../../gateway/upstream/discovery/discover-services.ts';
import { createEtcdSource } from '../../gateway/upstream/discovery/etcd.ts';
import type { DiscoveryEvent } from '../../gateway/upstream/discovery/events.ts';
import { settle } from '../faults/wire.ts';
import { findFreePort } from '../repository/run-program.ts';
import { startFakeRegistry } from '../upstream/discovery/fake-registry.ts';
import { hasEtcd, startEtcd } from '../upstream/discovery/start-etcd.ts';
import { watchSource } from '../upstream/discovery/watch-source.ts';
import { FakeClock } from '../upstream/fake-clock.ts';

const prefix = '/services/catalog/';

beforeAll(() => {
  expect(hasEtcd, 'etcd (Debian package etcd-server)').toBe(true);
});

async function startService() {
  let hits = 0;
  const server = createServer((_request, response) => {
    hits++;
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, hits: () => hits };
}

function startClient(endpoint: string, snapshot: string | null = null) {
  const events: DiscoveryEvent[] = [];
  const settings: DiscoverySettings = { type: 'etcd', endpoints: [endpoint], prefix };
  const keep = { emptyHoldMs: 5000, backoff: { baseMs: 20, maxMs: 100 }, snapshot };
  const discovery = discoverServices({
    services: [{ service: 'catalog', discovery: settings, keep }],
    emit: (event) => void events.push(event),
  });
  const upstream = createUpstream({ discovery: discovery.sources });
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await upstream.close();
    await discovery.close();
  };
  onTestFinished(close);
  let sent = 0;
  const call = () =>
    upstream
      .call({
        service: 'catalog',
        method: 'GET',
        url: `http://catalog.internal/${sent++}`,
        headers: {},
        context: {
          signal: new AbortController().signal,
          deadlineAt: performance.now() + 30_000,
          identity: '',
          requestId: '',
        },
      })
      .then(
        ({ status }) => String(status),
        ({ code, reason }: UpstreamError) => `${code} ${reason}`,
      );
  return {
    events,
    call,
    close,
    status: () => discovery.status()[0]!,
    until: async (isDone: () => boolean) => {
      while (!isDone()) await settle(1);
    },
  };
}

describe('F30 the registry is down at the start', () => {
  test('without a snapshot calls say that no instance is known, there is one line, and it starts to work by itself', async () => {
    const service = await startService();
    const etcd = await startEtcd();
    await etcd.put(`${prefix}a`, service.address);
    await etcd.kill();
    const client = startClient(etcd.endpoint);
    await client.until(() => client.events.length > 0);
    for (let n = 0; n < 5; n++) expect(await client.call()).toBe('UPSTREAM_UNREACHABLE no-instance');
    expect(client.events.map(({ kind }) => kind)).toEqual(['registry-lost']);
    await etcd.start();
    await client.until(() => client.status().instances.length === 1);
    expect(await client.call()).toBe('200');
  });

  test('with a snapshot calls are answered', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-registry-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const snapshot = join(folder, 'snapshot.json');
    const service = await startService();
    const etcd = await startEtcd();
    await etcd.put(`${prefix}a`, service.address);
    const first = startClient(etcd.endpoint, snapshot);
    await first.until(() => first.status().instances.length === 1);
    await first.close();
    await etcd.kill();
    const second = startClient(etcd.endpoint, snapshot);
    expect(await second.call()).toBe('200');
    await second.until(() => second.events.some(({ kind }) => kind === 'registry-lost'));
    expect(await second.call()).toBe('200');
  });
});

test('F31 etcd is killed between calls: none fails, the set grows old, and changes are seen after its return', async () => {
  const [one, two] = [await startService(), await startService()];
  const etcd = await startEtcd();
  await etcd.put(`${prefix}a`, one.address);
  const client = startClient(etcd.endpoint);
  await client.until(() => client.status().instances.length === 1);
  const ends: string[] = [];
  for (let n = 0; n < 50; n++) {
    if (n === 20) await etcd.kill();
    ends.push(await client.call());
  }
  await client.until(() => client.status().isStale);
  const { ageMs } = client.status();
  await client.until(() => client.status().ageMs > ageMs);
  for (let n = 0; n < 20; n++) ends.push(await client.call());
  expect(ends.filter((end) => end !== '200')).toEqual([]);
  await etcd.start();
  await etcd.put(`${prefix}b`, two.address);
  await client.until(() => client.status().instances.length === 2);
  expect(client.status().isStale).toBe(false);
  // A new instance starts with a tenth of its share.
  while (two.hits() === 0) expect(await client.call()).toBe('200');
});

test('F32 etcd forgets its history while it is away: the set is listed again, and nobody is lost', async () => {
  const service = await startService();
  const etcd = await startEtcd();
  await etcd.put(`${prefix}a`, service.address);
  const client = startClient(etcd.endpoint);
  await client.until(() => client.status().instances.length === 1);
  await etcd.kill();
  await client.until(() => client.status().isStale);
  await etcd.start();
  for (let n = 0; n < 5; n++) await etcd.put('/elsewhere', String(n));
  const { header } = await etcd.post('/v3/kv/range', { key: 'AA==' });
  await etcd.post('/v3/kv/compaction', { revision: header.revision, physical: true });
  await client.until(() => !client.status().isStale);
  expect(client.status().instances).toHaveLength(1);
  expect(client.events.filter((event) => event.kind === 'instances-changed')).toHaveLength(1);
  expect(await client.call()).toBe('200');
});

test('F33 duplicates, garbage, an empty set that has to hold for 5 s, and 10,000 instances in one change', async () => {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  let values: readonly string[] = ['127.0.0.1:4001', '127.0.0.1:4001', '127.0.0.2:4001'];
  const registry = await startFakeRegistry(({ url, answer }) => {
    if (url.pathname !== '/v3/kv/range') return undefined;
    const kvs = values.map((value, index) => ({ key: encode(`${prefix}${index}`), value: encode(value) }));
    return answer({ header: { revision: '10' }, kvs });
  });
  const clock = new FakeClock();
  const source = createEtcdSource({ type: 'etcd', endpoints: [registry.url], prefix });
  const watched = watchSource(source, { clock, emptyHoldMs: 5000 });
  /** The list is asked for again every 10 s. */
  const askAgain = async (next: readonly string[]) => {
    values = next;
    const before = registry.exchanges.length;
    const isList = () => registry.exchanges.slice(before).some(({ url }) => url.pathname === '/v3/kv/range');
    while (!isList()) {
      clock.advance(1000);
      await settle();
    }
    await settle(50);
  };
  await watched.untilAddresses('127.0.0.1:4001', '127.0.0.2:4001');
  await askAgain(['nonsense', '::::', '{"addr":1}']);
  expect(watched.addresses()).toEqual(['127.0.0.1:4001', '127.0.0.2:4001']);
  expect(watched.events.map(({ kind }) => kind)).toContain('instances-refused');
  await askAgain(['127.0.0.1:4001', '127.0.0.2:4001']);
  await askAgain([]);
  clock.advance(3999);
  expect(watched.addresses()).toHaveLength(2);
  clock.advance(1001);
  await watched.untilAddresses();
  const changes = watched.sets.length;
  await askAgain(Array.from({ length: 10_000 }, (_, n) => `10.0.${n >> 8}.${n & 255}:4001`));
  while (watched.sets.length === changes) await settle(1);
  expect(watched.sets.at(-1)).toHaveLength(10_000);
  expect(watched.sets).toHaveLength(changes + 1);
});

test('F34 the lease of a live service runs out while it is paused: it registers again with its next sign of life', async () => {
  const etcd = await startEtcd();
  const clock = createPausableClock();
  const changes: boolean[] = [];
  const registration = registerInstance({
    registry: { type: 'etcd', endpoint: etcd.endpoint, prefix },
    service: 'catalog',
    instance: { addr: '127.0.0.1', port: await findFreePort() },
    ttlMs: 2000,
    clock,
    onChange: ({ isRegistered }) => void changes.push(isRegistered),
  });
  onTestFinished(() => registration.stop());
  const untilCount = async (count: number) => {
    while ((await etcd.values(prefix)).length !== count) await settle(5);
  };
  await untilCount(1);
  clock.pause();
  await untilCount(0);
  clock.resume();
  await untilCount(1);
  while (changes.length < 3) await settle(1);
  expect(changes).toEqual([true, false, true]);
});

/** The clock of the machine, whose timers do not fire while it is paused, as those of a stopped process. */
function createPausableClock(): Clock & { pause(): void; resume(): void } {
  let isPaused = false;
  const due: (() => void)[] = [];
  return {
    ...systemClock,
    schedule: (action, delayMs) => systemClock.schedule(() => (isPaused ? due.push(action) : action()), delayMs),
    pause: () => void (isPaused = true),
    resume() {
      isPaused = false;
      for (const action of due.splice(0)) action();
    },
  };
}
