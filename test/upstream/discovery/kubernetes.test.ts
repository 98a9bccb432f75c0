// Protocol-tested against a fake API server that misbehaves as the documents of Kubernetes say it may (F32, F33).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createKubernetesSource } from '../../../gateway/upstream/discovery/kubernetes.ts';
import { startFakeRegistry, type RegistryExchange } from './fake-registry.ts';
import { watchSource } from './watch-source.ts';

interface Conditions {
  readonly ready?: boolean;
  readonly serving?: boolean;
  readonly terminating?: boolean;
}

const slice = (name: string, version: string, endpoints: readonly (readonly [string, Conditions?])[]) => ({
  metadata: { name, resourceVersion: version },
  addressType: 'IPv4',
  endpoints: endpoints.map(([address, conditions]) => ({
    addresses: [address],
    conditions: conditions ?? {},
    zone: 'a',
  })),
  ports: [
    { name: 'metrics', port: 9000, protocol: 'TCP' },
    { name: 'http', port: 8080, protocol: 'TCP' },
  ],
});
const list = (version: string, ...items: readonly unknown[]) => ({ metadata: { resourceVersion: version }, items });
const isWatch = ({ url }: RegistryExchange) => url.searchParams.has('watch');

async function startKubernetes(handle: (exchange: RegistryExchange) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-kubernetes-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'token-1\n');
  const registry = await startFakeRegistry(handle);
  const source = createKubernetesSource({
    type: 'kubernetes',
    address: registry.url,
    namespace: 'shop',
    service: 'shipping',
    port: 'http',
    tokenFile,
    caFile: undefined,
  });
  return { registry, tokenFile, watched: watchSource(source) };
}

test('lists, merges slices, then watches from the version of the list; the token is read again', async () => {
  const { registry, tokenFile, watched } = await startKubernetes((exchange) => {
    if (isWatch(exchange)) return exchange.response.flushHeaders();
    return exchange.answer(list('100', slice('s-1', '90', [['10.1.0.1']]), slice('s-2', '95', [['10.1.0.2']])));
  });
  await watched.untilAddresses('10.1.0.1:8080', '10.1.0.2:8080');
  expect(watched.sets[0]![0]).toMatchObject({ zone: 'a' });
  const [first] = registry.exchanges;
  expect(first!.url.pathname).toBe('/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices');
  expect(first!.url.searchParams.get('labelSelector')).toBe('kubernetes.io/service-name=shipping');
  expect(first!.headers.authorization).toBe('Bearer token-1');
  const watch = await registry.exchange(2);
  expect(watch.url.searchParams.get('resourceVersion')).toBe('100');
  expect(watch.url.searchParams.get('allowWatchBookmarks')).toBe('true');
  watch.line({ type: 'MODIFIED', object: slice('s-1', '101', [['10.1.0.1'], ['10.1.0.3']]) });
  await watched.untilAddresses('10.1.0.1:8080', '10.1.0.2:8080', '10.1.0.3:8080');
  watch.line({ type: 'DELETED', object: slice('s-2', '102', []) });
  await watched.untilAddresses('10.1.0.1:8080', '10.1.0.3:8080');
  watch.line({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '150' } } });
  writeFileSync(tokenFile, 'token-2\n');
  watch.response.end();
  const next = await registry.exchange(3);
  expect([isWatch(next), next.url.searchParams.get('resourceVersion')]).toEqual([true, '150']);
  expect(next.headers.authorization).toBe('Bearer token-2');
  expect(watched.events.every(({ kind }) => kind === 'instances-changed')).toBe(true);
});

test('a list of several pages is one set', async () => {
  const { watched } = await startKubernetes((exchange) => {
    if (isWatch(exchange)) return exchange.response.flushHeaders();
    if (exchange.url.searchParams.get('continue') === 'next page') {
      return exchange.answer(list('100', slice('s-2', '95', [['10.1.0.2']])));
    }
    const page = list('100', slice('s-1', '90', [['10.1.0.1']]));
    return exchange.answer({ ...page, metadata: { resourceVersion: '100', continue: 'next page' } });
  });
  await watched.untilAddresses('10.1.0.1:8080', '10.1.0.2:8080');
  expect(watched.sets).toHaveLength(1);
});

test.each<[string, readonly (readonly [string, Conditions?])[], readonly string[]]>([
  ['unset means ready', [['10.1.0.1']], ['10.1.0.1:8080']],
  [
    'what is not ready is left out',
    [
      ['10.1.0.1', { ready: false }],
      ['10.1.0.2', { ready: true }],
    ],
    ['10.1.0.2:8080'],
  ],
  [
    'what terminates is left out while another is ready',
    [
      ['10.1.0.1', { ready: false, serving: true, terminating: true }],
      ['10.1.0.2', { ready: true }],
    ],
    ['10.1.0.2:8080'],
  ],
  [
    'what terminates and serves is used when none is ready',
    [
      ['10.1.0.1', { ready: false, serving: true, terminating: true }],
      ['10.1.0.2', { ready: false, terminating: true }],
    ],
    ['10.1.0.1:8080'],
  ],
])('%s', async (_name, endpoints, expected) => {
  const { watched } = await startKubernetes((exchange) => {
    if (isWatch(exchange)) return exchange.response.flushHeaders();
    return exchange.answer(list('1', slice('s-1', '1', endpoints)));
  });
  await watched.untilAddresses(...expected);
  expect(watched.addresses()).toEqual(expected);
});

test.each<[string, (exchange: RegistryExchange) => void]>([
  [
    'an ERROR event with 410',
    ({ line }) => line({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }),
  ],
  ['status 410', ({ answer }) => answer({ kind: 'Status', code: 410 }, { status: 410 })],
])('%s lists again, and loses nobody', async (_name, expire) => {
  let lists = 0;
  let watches = 0;
  const { watched } = await startKubernetes((exchange) => {
    if (isWatch(exchange)) return watches++ === 0 ? expire(exchange) : exchange.response.flushHeaders();
    const more: readonly (readonly [string])[] = lists++ === 0 ? [] : [['10.1.0.2']];
    return exchange.answer(list(String(lists * 100), slice('s-1', '1', [['10.1.0.1'], ...more])));
  });
  await watched.untilAddresses('10.1.0.1:8080', '10.1.0.2:8080');
  expect(watched.sets.map(({ length }) => length)).toEqual([1, 2]);
  expect(watched.events.map(({ kind }) => kind)).not.toContain('registry-lost');
});

test.each<[string, (exchange: RegistryExchange) => void]>([
  ['401 of an old token', ({ answer }) => answer({ kind: 'Status' }, { status: 401 })],
  ['half a line', ({ response }) => void response.end('{"type":"MODIFI')],
  ['a line that is no JSON', ({ response }) => void response.end('<html>\n')],
  ['a cut connection', ({ response }) => void response.destroy()],
  ['an ERROR event with 500', ({ line }) => line({ type: 'ERROR', object: { code: 500 } })],
])('%s in the watch keeps the old set', async (_name, misbehave) => {
  let watches = 0;
  const { watched, registry } = await startKubernetes((exchange) => {
    if (isWatch(exchange)) return watches++ === 0 ? misbehave(exchange) : exchange.response.flushHeaders();
    return exchange.answer(list('100', slice('s-1', '90', [['10.1.0.1']])));
  });
  const again = await registry.exchange(3);
  expect(watched.addresses()).toEqual(['10.1.0.1:8080']);
  expect(watched.sets).toHaveLength(1);
  expect(again).toBeDefined();
});
