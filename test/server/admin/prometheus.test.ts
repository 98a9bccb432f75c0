import { expect, test } from 'vitest';
import { writeMetrics } from '../../../gateway/server/admin/prometheus.ts';

test('writeMetrics writes the text format, with what must be escaped', () => {
  const text = writeMetrics([
    {
      name: 'calls',
      help: 'A back\\slash and\na line',
      type: 'counter',
      samples: [
        { labels: {}, value: 3 },
        { labels: { service: 'a"b\\c\nd', outcome: 'success' }, value: 0.5 },
      ],
    },
    {
      name: 'wait',
      help: 'Seconds',
      type: 'histogram',
      samples: [{ suffix: '_bucket', labels: { le: '+Inf' }, value: 1 }],
    },
    { name: 'age', help: 'Never', type: 'gauge', samples: [{ labels: {}, value: Number.POSITIVE_INFINITY }] },
  ]);
  expect(text).toBe(
    [
      '# HELP calls A back\\\\slash and\\na line',
      '# TYPE calls counter',
      'calls 3',
      'calls{service="a\\"b\\\\c\\nd",outcome="success"} 0.5',
      '# HELP wait Seconds',
      '# TYPE wait histogram',
      'wait_bucket{le="+Inf"} 1',
      '# HELP age Never',
      '# TYPE age gauge',
      'age +Inf',
      '',
    ].join('\n'),
  );
});
