// The policies of upstream.md, section 2: how what is written becomes what they receive.
import { describe, expect, test } from 'vitest';
import { defaultUpstreamSettings } from '../../gateway/upstream/settings.ts';
import { faultsOf, loadText, placesOf } from './load-text.ts';

const breakerOf = (upstream: string) =>
  loadText(`upstream: ${upstream}\nservices: { catalog: { schema: catalog.graphql } }\n`).settings.upstream.breaker;

describe('breaker', () => {
  test('each option may be set alone', () => {
    expect(breakerOf('{ breaker: { scope: connector, slowCalls: { rate: 0.5 }, ramp: { time: 1m } } }')).toEqual({
      ...defaultUpstreamSettings.breaker,
      scope: 'connector',
      slowCalls: { enabled: false, rate: 0.5, time: 0.8 },
      ramp: { timeMs: 60_000, from: 0.1 },
    });
  });

  test('statuses may be patterns', () => {
    expect(breakerOf('{ breaker: { failureStatuses: [42x, 503] } }').failureStatuses).toEqual([
      ...[420, 421, 422, 423, 424, 425, 426, 427, 428, 429],
      503,
    ]);
    expect(breakerOf('{ breaker: { failureStatuses: [5xx] } }').failureStatuses).toHaveLength(100);
  });

  test('one service differs in what it sets', () => {
    const { services } = loadText(
      'upstream: { breaker: { open: 9s } }\nservices: { catalog: { schema: c.graphql, upstream: { breaker: { minimumCalls: 5 } } } }\n',
    ).settings;
    expect(services['catalog']!.upstream.breaker).toMatchObject({ openMs: 9000, minimumCalls: 5, failureRate: 0.5 });
  });

  test.each(['failureRate: 2', 'failureStatuses: ["6xx"]', 'scope: url', 'probes: 0'])('refuses %s', (option) => {
    const text = `upstream: { breaker: { ${option} } }\nservices: { catalog: { schema: catalog.graphql } }\n`;
    expect(faultsOf(text)).toContain('CONFIG_INVALID_VALUE');
  });
});

describe('instances', () => {
  test('a static list, and the options of balancing and ejection', () => {
    const { settings } = loadText(
      [
        'upstream: { ejection: { timeMax: 1h }, balancing: { ramp: { from: 0.5 } }, discovery: { drain: 1s } }',
        'services: { catalog: { schema: c.graphql, discovery: { type: static, instances: ["http://127.0.0.1:4101"] } } }',
      ].join('\n'),
    );
    expect(settings.services['catalog']!.discovery).toEqual({ type: 'static', instances: ['http://127.0.0.1:4101'] });
    expect(settings.upstream.ejection).toEqual({ ...defaultUpstreamSettings.ejection, timeMaxMs: 3_600_000 });
    expect(settings.upstream.balancing).toEqual({ decayMs: 10_000, ramp: { timeMs: 5000, from: 0.5 } });
    expect(settings.upstream.discovery).toEqual({ ...defaultUpstreamSettings.discovery, drainMs: 1000 });
  });

  test('active checks: off, or a path with its times', () => {
    const ejectionOf = (upstream: string, own: string) =>
      loadText(`upstream: ${upstream}\nservices: { catalog: { schema: c.graphql, upstream: ${own} } }\n`).settings
        .services['catalog']!.upstream.ejection.activeCheck;
    expect(ejectionOf('{}', '{}')).toBeNull();
    const general = '{ ejection: { activeCheck: { path: /health, every: 2s } } }';
    expect(ejectionOf(general, '{}')).toEqual({ path: '/health', everyMs: 2000, timeoutMs: 1000 });
    expect(ejectionOf(general, '{ ejection: { failures: 3 } }')).toEqual({
      path: '/health',
      everyMs: 2000,
      timeoutMs: 1000,
    });
    expect(ejectionOf(general, '{ ejection: { activeCheck: false } }')).toBeNull();
  });

  test.each(['true', '{ every: 1s }', '{ path: health }', '{ path: /health, each: 1s }'])(
    'refuses activeCheck: %s',
    (written) => {
      const text = `upstream: { ejection: { activeCheck: ${written} } }\nservices: { catalog: { schema: c.graphql } }\n`;
      expect(faultsOf(text)).not.toEqual('');
    },
  );

  test('refuses an empty list', () => {
    const text = 'services: { catalog: { schema: c.graphql, discovery: { type: static, instances: [] } } }\n';
    expect(faultsOf(text)).toContain('at least one address');
  });
});

describe('certificates', () => {
  const tlsOf = (upstream: string, own: string) =>
    loadText(`upstream: ${upstream}\nservices: { catalog: { schema: c.graphql, upstream: ${own} } }\n`).settings
      .services['catalog']!.upstream.transport.tls;
  const general = '{ transport: { tls: { ca: /etc/ca.pem, cert: /etc/c.pem, key: /etc/c.key } } }';

  test('are files, each of which a service may have of its own, or not at all', () => {
    const files = { ca: '/etc/ca.pem', cert: '/etc/c.pem', key: '/etc/c.key' };
    expect(tlsOf('{}', '{}')).toEqual({ ca: null, cert: null, key: null });
    expect(tlsOf(general, '{ transport: { keepAlive: 2s } }')).toEqual(files);
    expect(tlsOf(general, '{ transport: { tls: { ca: /own/ca.pem } } }')).toEqual({ ...files, ca: '/own/ca.pem' });
    expect(tlsOf(general, '{ transport: { tls: { ca: none } } }')).toEqual({ ...files, ca: null });
  });

  test('without a key, and a key without one, are refused where they are written', () => {
    const services = 'services: { catalog: { schema: c.graphql }, reviews: { schema: r.graphql } }\n';
    expect(placesOf(`upstream: { transport: { tls: { cert: c.pem } } }\n${services}`)).toEqual([
      'CONFIG_CONTRADICTION 1:39',
    ]);
    const own = 'services: { catalog: { schema: c.graphql, upstream: { transport: { tls: { key: c.key } } } } }\n';
    expect(placesOf(own)).toEqual(['CONFIG_CONTRADICTION 1:80']);
  });
});

test('cache: sizes as they are written', () => {
  const { settings } = loadText(
    'upstream: { cache: { size: 1MB, entrySize: 2KB } }\nservices: { catalog: { schema: catalog.graphql } }\n',
  );
  expect(settings.upstream.cache).toEqual({
    ...defaultUpstreamSettings.cache,
    bytes: 1_048_576,
    entryBytes: 2048,
  });
});

describe('cache in Redis', () => {
  const cacheOf = (upstream: string, own = '{}', env: Record<string, string> = {}) =>
    loadText(`upstream: ${upstream}\nservices: { catalog: { schema: c.graphql, upstream: ${own} } }\n`, { env })
      .settings.services['catalog']!.upstream.cache;

  test('its address comes from a variable, for all services or for one', () => {
    const env = { REDIS_URL: 'redis://shop:secret@127.0.0.1:6379/2' };
    const redis = { store: 'redis', url: env.REDIS_URL, prefix: 'tributary:', timeoutMs: 10 };
    expect(cacheOf('{ cache: { store: redis, url: "${REDIS_URL}" } }', '{}', env)).toMatchObject(redis);
    expect(cacheOf('{ cache: { url: "${REDIS_URL}" } }', '{ cache: { store: redis } }', env)).toMatchObject(redis);
  });

  test('without an address it is refused, where it is written', () => {
    const services = 'services: { catalog: { schema: c.graphql }, reviews: { schema: r.graphql } }\n';
    expect(placesOf(`upstream: { cache: { store: redis } }\n${services}`)).toEqual(['CONFIG_CONTRADICTION 1:29']);
    const own = 'services: { catalog: { schema: c.graphql, upstream: { cache: { store: redis } } } }\n';
    expect(placesOf(own)).toEqual(['CONFIG_CONTRADICTION 1:71']);
  });

  test('an address that is none is refused, and what a variable holds is not told', () => {
    const text = 'upstream: { cache: { url: "${REDIS_URL}" } }\nservices: { catalog: { schema: c.graphql } }\n';
    const faults = faultsOf(text, { env: { REDIS_URL: 'http://shop:secret@cache.internal' } });
    expect(faults).toContain('redis://');
    expect(faults).not.toContain('secret');
  });
});
