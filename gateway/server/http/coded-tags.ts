/**
 * Entity tags of answers with a content coding. A strong tag stands for one sequence of bytes (RFC 9110, 8.8.3.3), so each
 * coding has its own: `"3.abc.json"` is `"3.abc.json-br"` under Brotli. Whoever makes tags knows nothing of codings, and gets
 * them back as they were made.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { CODINGS, type Coding } from './choose-coding.ts';

/** A weak tag stands for all codings. */
export const tagOfCoding = (tag: string, coding: Coding): string =>
  tag.startsWith('W/') ? tag : `${tag.slice(0, -1)}-${coding}"`;

/** The headers of a request, with the tags of its conditions as they were before any coding. */
export function withPlainTags(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const coded = CONDITIONS.filter((name) => headers[name] !== undefined);
  if (coded.length === 0) return headers;
  const plain = coded.map((name) => [name, headers[name]!.replaceAll(/-(?:br|gzip)"/g, '"')] as const);
  return { ...headers, ...Object.fromEntries(plain) };
}

const CONDITIONS = ['if-match', 'if-none-match'] as const;

/** The tag of a 304: the one the client has, of the coding it would get if it has several. */
export function tagAsSent(tag: string, sent: string | undefined, coding: Coding | undefined): string {
  const plain = coding === undefined ? [tag] : [tagOfCoding(tag, coding), tag];
  const known = [...plain, ...CODINGS.map((one) => tagOfCoding(tag, one))];
  return known.find((one) => sent?.includes(one)) ?? tag;
}
