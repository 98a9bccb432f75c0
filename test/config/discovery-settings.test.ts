// services.<name>.discovery: what each kind of source needs, takes and gets by default (upstream.md, section 2).
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { faultsOf, loadText } from './load-text.ts';

const withDiscovery = (text: string) => `services: { catalog: { schema: c.graphql, discovery: ${text} } }\n`;
const read = (text: string) => {
  const { settings, folder } = loadText(withDiscovery(text));
  return { discovery: settings.services['catalog']!.discovery, folder };
};

describe('services.<name>.discovery', () => {
  test.each<[string, object]>([
    [
      '{ type: dns, name: _http._tcp.authors.internal }',
      {
        type: 'dns',
        name: '_http._tcp.authors.internal',
        record: 'SRV',
        port: undefined,
        servers: undefined,
        ttlMinMs: 1_000,
        ttlMaxMs: 30_000,
        negativeTtlMs: 1_000,
      },
    ],
    [
      '{ type: dns, name: authors, record: A, port: 4002, servers: ["127.0.0.1:53"] }',
      { type: 'dns', record: 'A', port: 4002, servers: ['127.0.0.1:53'] },
    ],
    [
      '{ type: etcd, endpoints: ["http://127.0.0.1:2379"], prefix: /services/inventory/ }',
      { type: 'etcd', endpoints: ['http://127.0.0.1:2379'], prefix: '/services/inventory/' },
    ],
    [
      '{ type: consul, address: "http://127.0.0.1:8500", service: orders }',
      { type: 'consul', address: 'http://127.0.0.1:8500', service: 'orders', waitMs: 55_000, token: undefined },
    ],
    [
      '{ type: kubernetes, namespace: shop, service: shipping, port: http }',
      {
        type: 'kubernetes',
        address: 'https://kubernetes.default.svc',
        namespace: 'shop',
        service: 'shipping',
        port: 'http',
        tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
        caFile: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
      },
    ],
    [
      '{ type: kubernetes, namespace: shop, service: shipping, address: "http://127.0.0.1:8001" }',
      { address: 'http://127.0.0.1:8001', port: undefined, tokenFile: undefined, caFile: undefined },
    ],
    [
      '{ type: eureka, address: "http://127.0.0.1:8761/eureka", app: BILLING }',
      { type: 'eureka', address: 'http://127.0.0.1:8761/eureka', app: 'BILLING', pollMs: 30_000 },
    ],
  ])('%s', (text, expected) => {
    expect(read(text).discovery).toMatchObject(expected);
  });

  test('a file is looked for beside the settings', () => {
    const { discovery, folder } = read('{ type: file, path: ./reviews.yaml }');
    expect(discovery).toEqual({ type: 'file', path: resolve(folder, 'reviews.yaml'), pollMs: 5_000 });
  });

  test.each(['etcd, endpoints: ["https://etcd"], prefix: /a/', 'consul, address: "https://consul", service: a'])(
    '%s by https: the files are looked for beside the settings',
    (kind) => {
      const { discovery, folder } = read(`{ type: ${kind}, caFile: ca.pem, certFile: me.pem, keyFile: me.key }`);
      const [caFile, certFile, keyFile] = ['ca.pem', 'me.pem', 'me.key'].map((file) => resolve(folder, file));
      expect(discovery).toMatchObject({ caFile, certFile, keyFile });
    },
  );

  test.each([
    ['{ type: etcd, endpoints: ["http://127.0.0.1:2379"] }', 'discovery.prefix'],
    ['{ type: file }', 'discovery.path'],
    ['{ type: dns, name: authors, record: A }', 'A records have none'],
    ['{ type: dns, name: authors, port: 80 }', 'SRV records have ports'],
    ['{ type: file, path: x.yaml, prefix: /a/ }', '"prefix"'],
    ['{ type: etcd, endpoints: [], prefix: /a/ }', 'at least one address'],
    ['{ type: zookeeper }', 'one of'],
  ])('%s is refused: %s', (text, part) => {
    expect(faultsOf(withDiscovery(text))).toContain(part);
  });

  test('upstream.discovery is read for all services and for one', () => {
    const { settings, folder } = loadText(
      [
        'upstream: { discovery: { emptyHold: 2s, snapshot: ./sets.json } }',
        'services:',
        '  catalog: { schema: c.graphql, upstream: { discovery: { backoff: { max: 5s }, snapshot: none } } }',
      ].join('\n'),
    );
    expect(settings.upstream.discovery).toEqual({
      drainMs: 30_000,
      emptyHoldMs: 2_000,
      backoff: { baseMs: 250, maxMs: 30_000 },
      snapshot: resolve(folder, 'sets.json'),
    });
    expect(settings.services['catalog']!.upstream.discovery).toMatchObject({
      emptyHoldMs: 2_000,
      backoff: { baseMs: 250, maxMs: 5_000 },
      snapshot: null,
    });
  });
});
