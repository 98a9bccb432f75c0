/** Other settings while calls go on: what they do not change keeps its state, and no call is lost (upstream.md, section 2; F40). */
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createUpstream, type PartialUpstreamSettings, type UpstreamEvent } from 'tributary-gateway/upstream';
import { discoverServices, type WatchedService } from '../../gateway/upstream/discovery/discover-services.ts';
import { createStaticDiscovery } from '../../gateway/upstream/discovery/static.ts';
import { defaultUpstreamSettings } from '../../gateway/upstream/settings.ts';
import { FakeClock } from './fake-clock.ts';
import { httpAnswer, startRawServer, type Answer } from './raw-server.ts';

const ok: Answer = ({ socket }) => socket.write(httpAnswer('{"ok":true}'));
const failing: Answer = ({ socket }) => socket.write(httpAnswer('', { status: '500 Internal Server Error' }));

async function start(answer: Answer, settings: PartialUpstreamSettings = {}, names: readonly string[] = ['books']) {
  const server = await startRawServer(answer);
  const clock = new FakeClock();
  const events: UpstreamEvent[] = [];
  const discovery = Object.fromEntries(names.map((name) => [name, createStaticDiscovery([server.url])]));
  const upstream = createUpstream({
    settings: { cache: { enabled: false }, ...settings },
    discovery,
    clock,
    random: () => 0.5,
    emit: (event) => events.push(event),
  });
  onTestFinished(async () => {
    await upstream.close();
    await server.close();
  });
  const call = (service = 'books') =>
    upstream.call({
      service,
      method: 'GET',
      url: `http://${service}.test/${Math.random()}`,
      headers: {},
      context: {
        signal: new AbortController().signal,
        deadlineAt: clock.now() + 30_000,
        identity: '',
        requestId: 'r',
      },
    });
  const statusOf = (service: string) => upstream.describe().find((status) => status.service === service)!;
  return { server, upstream, discovery, events, call, statusOf };
}

const oneCallOpens = { breaker: { minimumCalls: 1 }, retry: { retries: 0 } } as const;

describe('reconfigure', () => {
  test('the breaker of a service that nothing changes for stays open; that of the changed one starts anew', async () => {
    const { upstream, discovery, call, statusOf } = await start(failing, oneCallOpens, ['books', 'authors']);
    await call('books');
    await call('authors');
    expect(statusOf('books').breakers).toMatchObject([{ connector: '', position: 'open' }]);
    upstream.reconfigure({
      settings: { cache: { enabled: false }, ...oneCallOpens },
      services: { authors: { breaker: { minimumCalls: 7 } } },
      discovery,
    });
    expect(statusOf('books').breakers).toMatchObject([{ connector: '', position: 'open' }]);
    expect(statusOf('authors').breakers).toEqual([]);
  });

  test('a changed limit leaves breaker, averages and connections of its own service as they are', async () => {
    const { upstream, discovery, call, statusOf, server } = await start(ok);
    await call();
    // Until undici has taken the connection back.
    await new Promise((resolve) => setImmediate(resolve));
    const before = statusOf('books');
    expect(before.instances[0]!.latencyMs).not.toBeNull();
    upstream.reconfigure({
      settings: { cache: { enabled: false }, bulkhead: { concurrent: 3 }, deadline: { callMs: 9_000 } },
      discovery,
    });
    expect(statusOf('books')).toEqual(before);
    await call();
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  test('calls in flight end over the connections they began on, which close behind them', async () => {
    const held: (() => void)[] = [];
    const { upstream, discovery, call, server } = await start((request) => {
      held.push(() => request.socket.write(httpAnswer('{"ok":true}')));
    });
    const first = call();
    while (held.length < 1) await new Promise((resolve) => setImmediate(resolve));
    upstream.reconfigure({ settings: { cache: { enabled: false }, transport: { connections: 1 } }, discovery });
    const second = call();
    while (held.length < 2) await new Promise((resolve) => setImmediate(resolve));
    for (const answer of held) answer();
    expect((await first).status).toBe(200);
    expect((await second).status).toBe(200);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
    const [old] = server.requests;
    while (!old!.socket.destroyed) await new Promise((resolve) => setImmediate(resolve));
  });

  test('a breaker held open by the operator is held open still', async () => {
    const { upstream, discovery, statusOf, call } = await start(ok);
    upstream.forceBreaker('books', 'open');
    upstream.reconfigure({ settings: { cache: { enabled: false }, breaker: { minimumCalls: 5 } }, discovery });
    await expect(call()).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' });
    expect(statusOf('books').breakers).toMatchObject([{ connector: '', position: 'open' }]);
  });

  test('a new list of instances takes the place of the old one; who stays keeps what is known of it', async () => {
    const { upstream, call, server, statusOf } = await start(ok);
    await call();
    const [known] = statusOf('books').instances;
    const other = 'http://127.0.0.1:1';
    upstream.reconfigure({
      settings: { cache: { enabled: false } },
      discovery: { books: createStaticDiscovery([server.url, other]) },
    });
    expect(statusOf('books').instances).toEqual([known, expect.objectContaining({ instance: '127.0.0.1:1' })]);
  });
});

function setOf(sources: ReturnType<typeof discoverServices>['sources'], service: string): number[] {
  const ports: number[] = [];
  sources[service]!.watch(service, (instances) => ports.push(...instances.map(({ port }) => port)))();
  return ports;
}

describe('discovery.update', () => {
  const keep = defaultUpstreamSettings.discovery;
  const watched = (service: string, ...instances: string[]): WatchedService => ({
    service,
    discovery: { type: 'static', instances },
    keep,
  });

  test('a source that stays the same is the same; others are new, and those left out are gone', async () => {
    const discovery = discoverServices({
      services: [watched('a', 'http://h:1'), watched('b', 'http://h:2'), watched('c', 'http://h:3')],
      emit: () => {},
    });
    onTestFinished(() => discovery.close());
    const before = discovery.sources;
    discovery.update([watched('a', 'http://h:1'), watched('b', 'http://h:9')]);
    expect(discovery.sources['a']).toBe(before['a']);
    expect(setOf(discovery.sources, 'b')).toEqual([9]);
    expect(Object.keys(discovery.sources)).toEqual(['a', 'b']);
  });

  test('a new source starts from the set of the one before, until it has its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-discovery-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'books.yaml');
    const discovery = discoverServices({ services: [watched('books', 'http://h:1')], emit: () => {} });
    onTestFinished(() => discovery.close());
    discovery.update([{ service: 'books', discovery: { type: 'file', path, pollMs: 20 }, keep }]);
    expect(setOf(discovery.sources, 'books')).toEqual([1]);
    writeFileSync(path, '["http://h:2"]');
    const port = await new Promise((resolve) => {
      discovery.sources['books']!.watch('books', ([first]) => first?.port === 2 && resolve(first.port));
    });
    expect(port).toBe(2);
  });
});
