import { describe, expect, it, test } from 'vitest';
import { printTraceparent, readTraceparent } from '../../../gateway/server/telemetry/traceparent.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('readTraceparent', () => {
  test.each([
    [`00-${traceId}-${spanId}-01`, true],
    [`00-${traceId}-${spanId}-00`, false],
    [`00-${traceId}-${spanId}-03`, true],
    [`01-${traceId}-${spanId}-01-more`, true],
  ])('reads %s', (text, isSampled) => {
    expect(readTraceparent(text)).toEqual({ traceId, spanId, isSampled });
  });

  test.each([
    [undefined],
    [''],
    [`ff-${traceId}-${spanId}-01`],
    [`00-${traceId}-${spanId}-01-more`],
    [`00-${traceId.toUpperCase()}-${spanId}-01`],
    [`00-${'0'.repeat(32)}-${spanId}-01`],
    [`00-${traceId}-${'0'.repeat(16)}-01`],
    [`00-${traceId}-${spanId}-1`],
    [` 00-${traceId}-${spanId}-01`],
  ])('takes %s for nothing', (text) => {
    expect(readTraceparent(text)).toBeUndefined();
  });
});

it('printTraceparent prints what readTraceparent reads', () => {
  for (const isSampled of [true, false]) {
    expect(readTraceparent(printTraceparent({ traceId, spanId, isSampled }))).toEqual({ traceId, spanId, isSampled });
  }
});
