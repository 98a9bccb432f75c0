/** What of a response a mapping sees (connectors.md 10). `upstream/` has decoded it already. */
import type { UpstreamResponse } from '../../upstream/upstream-call.ts';
import type { Value } from '../mapping/value.ts';
import type { Read } from '../spec/read-path.ts';
import { readJson, readXml } from './tolerant-reader.ts';
import { parseXml, xmlValue } from './xml.ts';

/** Null for an empty body; with reads, a plain object of what they found (3.9). Throws XmlFault. */
export function bodyValue({ body }: Pick<UpstreamResponse, 'body'>, reads: readonly Read[] = []): Value {
  switch (body.kind) {
    case 'json':
      return reads.length === 0 ? body.value : readJson(body.value, reads);
    case 'xml': {
      const root = parseXml(body.text);
      return reads.length === 0 ? xmlValue(root) : readXml(root, reads);
    }
    case 'text':
      return body.text;
    case 'empty':
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
