// The policies of upstream.md, section 2: how what is written becomes what they receive.
import { describe, expect, test } from 'vitest';
import { defaultUpstreamSettings } from '../../gateway/upstream/settings.ts';
import { faultsOf, loadText } from './load-text.ts';

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

  test('refuses an empty list', () => {
    const text = 'services: { catalog: { schema: c.graphql, discovery: { type: static, instances: [] } } }\n';
    expect(faultsOf(text)).toContain('at least one address');
  });
});

test('cache: sizes as they are written', () => {
  const { settings } = loadText(
    'upstream: { cache: { size: 1MB, entrySize: 2KB } }\nservices: { catalog: { schema: catalog.graphql } }\n',
  );
  expect(settings.upstream.cache).toEqual({ enabled: true, entries: 1024, bytes: 1_048_576, entryBytes: 2048 });
});
