/** What of a response a mapping sees (connectors.md 10). `upstream/` has decoded it already. */
import type { UpstreamResponse } from '../../upstream/upstream-call.ts';
import type { Value } from '../mapping/value.ts';

/** Null for an empty body; XML is null too, as in Apollo Router, until reads of 3.9 are there. */
export function bodyValue({ body }: UpstreamResponse): Value {
  switch (body.kind) {
    case 'json':
      return body.value;
    case 'text':
      return body.text;
    case 'empty':
    case 'xml':
      return null;
  }
}

/** `Retry-After` in milliseconds, from seconds or from a date. */
export function readRetryAfter(headers: UpstreamResponse['headers'], now: () => number = Date.now): number | undefined {
  const text = headers['retry-after']?.[0]?.trim();
  if (text === undefined || text === '') return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return seconds >= 0 ? Math.ceil(seconds * 1000) : undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now());
}
