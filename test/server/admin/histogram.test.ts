import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram, RecentHistogram } from '../../../gateway/server/admin/histogram.ts';

describe('Histogram', () => {
  it('counts a value in its bucket and in every one above, and sums up', () => {
    const histogram = new Histogram([1, 2]);
    for (const value of [0.5, 1, 1.5, 7]) histogram.add(value);
    expect(histogram.samples({ service: 'catalog' })).toEqual([
      { suffix: '_bucket', labels: { service: 'catalog', le: '1' }, value: 2 },
      { suffix: '_bucket', labels: { service: 'catalog', le: '2' }, value: 3 },
      { suffix: '_bucket', labels: { service: 'catalog', le: '+Inf' }, value: 4 },
      { suffix: '_sum', labels: { service: 'catalog' }, value: 10 },
      { suffix: '_count', labels: { service: 'catalog' }, value: 4 },
    ]);
  });

  it('never gives a percentile below the true one, nor one above its bucket or the largest value', () => {
    const bounds = [1, 2, 4, 8, 16];
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, p) => {
          const histogram = new Histogram(bounds);
          for (const value of values) histogram.add(value);
          const sorted = values.toSorted((a, b) => a - b);
          const exact = sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]!;
          const found = histogram.percentile(p);
          expect(found).toBeGreaterThanOrEqual(exact);
          const bucket = bounds.find((bound) => exact <= bound) ?? sorted.at(-1)!;
          expect(found).toBeLessThanOrEqual(Math.min(bucket, sorted.at(-1)!));
        },
      ),
    );
  });
});

describe('RecentHistogram', () => {
  it('says nothing before the first value, and forgets what is older than two spans', () => {
    let now = 0;
    const recent = new RecentHistogram(1_000, () => now);
    expect(recent.percentiles).toBeUndefined();
    recent.add(500);
    now = 1_500;
    recent.add(1);
    expect(recent.percentiles).toMatchObject({ count: 2, max: 500 });
    now = 2_500;
    expect(recent.percentiles).toMatchObject({ count: 1, max: 1 });
    now = 9_000;
    expect(recent.percentiles).toBeUndefined();
  });
});
