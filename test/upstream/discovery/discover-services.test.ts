// Sets of several services, and the file that remembers them (upstream.md, section 13; F30, F52).
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { discoverServices, type DiscoverySettings } from '../../../gateway/upstream/discovery/discover-services.ts';
import type { Instance } from '../../../gateway/upstream/discovery/discovery.ts';
import type { DiscoveryEvent } from '../../../gateway/upstream/discovery/events.ts';

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-discovery-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function start(services: Record<string, DiscoverySettings>, snapshot: string | null) {
  const events: DiscoveryEvent[] = [];
  const waiting = new Set<() => void>();
  const keep = { emptyHoldMs: 50, backoff: { baseMs: 20, maxMs: 40 }, snapshot };
  const discovery = discoverServices({
    services: Object.entries(services).map(([service, settings]) => ({ service, discovery: settings, keep })),
    emit: (event) => {
      events.push(event);
      for (const notify of waiting) notify();
    },
  });
  let isClosed = false;
  const close = async () => {
    if (!isClosed) await discovery.close();
    isClosed = true;
  };
  onTestFinished(close);
  return {
    discovery,
    events,
    close,
    untilEvent: async (kind: DiscoveryEvent['kind']) => {
      while (!events.some((event) => event.kind === kind)) await new Promise<void>((resolve) => waiting.add(resolve));
    },
    setOf: (service: string): readonly Instance[] | undefined => {
      let set: readonly Instance[] | undefined;
      discovery.sources[service]!.watch(service, (instances) => (set = instances))();
      return set;
    },
  };
}

const fileAt = (path: string): DiscoverySettings => ({ type: 'file', path, pollMs: 3_600_000 });
const one: Instance = { addr: '127.0.0.1', port: 4103, weight: 1, state: 'ready' };

test('a static list is there at once, a set from a file as soon as it is read, and who stopped watching hears no more', async () => {
  const path = join(createFolder(), 'reviews.yaml');
  writeFileSync(path, '- 127.0.0.1:4103\n');
  const { discovery, untilEvent, setOf } = start(
    { catalog: { type: 'static', instances: ['http://127.0.0.1:4101'] }, reviews: fileAt(path) },
    null,
  );
  expect(setOf('catalog')).toHaveLength(1);
  expect(setOf('reviews')).toBeUndefined();
  await untilEvent('instances-changed');
  expect(setOf('reviews')).toEqual([one]);
  expect(discovery.status()).toMatchObject([{ service: 'reviews', type: 'file', isStale: false, instances: [one] }]);
});

test('a start without the registry goes on with the sets of the snapshot; without one nothing is known', async () => {
  const folder = createFolder();
  const [path, snapshot] = [join(folder, 'reviews.yaml'), join(folder, 'snapshot.json')];
  writeFileSync(path, '- 127.0.0.1:4103\n');
  const first = start({ reviews: fileAt(path) }, snapshot);
  await first.untilEvent('instances-changed');
  await first.close();
  rmSync(path);

  const second = start({ reviews: fileAt(path) }, snapshot);
  expect(second.setOf('reviews')).toEqual([one]);
  await second.untilEvent('registry-lost');
  expect(second.setOf('reviews')).toEqual([one]);
  expect(second.discovery.status()[0]).toMatchObject({ isStale: true });

  const third = start({ reviews: fileAt(path) }, null);
  await third.untilEvent('registry-lost');
  expect(third.setOf('reviews')).toBeUndefined();
});

test.each(['', '{', '[]', '{"services":{"reviews":"x"}}', '{"services":{"reviews":[{"addr":1}]}}'])(
  'a snapshot that holds %j is as none',
  async (text) => {
    const folder = createFolder();
    const snapshot = join(folder, 'snapshot.json');
    writeFileSync(snapshot, text);
    const { setOf, untilEvent } = start({ reviews: fileAt(join(folder, 'none.yaml')) }, snapshot);
    expect(setOf('reviews')).toBeUndefined();
    await untilEvent('registry-lost');
  },
);

test('the sets of a service that this process does not watch stay in the file', async () => {
  const folder = createFolder();
  const [path, snapshot] = [join(folder, 'reviews.yaml'), join(folder, 'snapshot.json')];
  writeFileSync(snapshot, JSON.stringify({ version: 1, services: { orders: [one] } }));
  writeFileSync(path, '- 127.0.0.1:4104\n');
  const { untilEvent, close } = start({ reviews: fileAt(path) }, snapshot);
  await untilEvent('instances-changed');
  await close();
  expect(Object.keys((JSON.parse(readFileSync(snapshot, 'utf8')) as { services: object }).services)).toEqual([
    'orders',
    'reviews',
  ]);
});

test('a snapshot that cannot be written is one warning, and the set is used', async () => {
  const folder = createFolder();
  const path = join(folder, 'reviews.yaml');
  const snapshot = join(folder, 'snapshot.json');
  mkdirSync(`${snapshot}.new`);
  writeFileSync(path, '- 127.0.0.1:4103\n');
  const { untilEvent, setOf } = start({ reviews: fileAt(path) }, snapshot);
  await untilEvent('snapshot-failed');
  expect(setOf('reviews')).toEqual([one]);
});
