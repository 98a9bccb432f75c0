/** The header field of W3C Trace Context, section 3.2: version, trace, span, flags. */

export interface SpanPosition {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Undefined for what is not valid: it is as if nothing had been sent (section 4.3). Later versions may have more parts. */
export function readTraceparent(text: string | undefined): SpanPosition | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = form.exec(text ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export const printTraceparent = ({ traceId, spanId, isSampled }: SpanPosition): string =>
  `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
