/**
 * Reads a raw query string. Percent-decoding happens once (facade.md 2.3); commas that separate the items of a list are
 * found before it, so that an encoded comma stays part of an item.
 */
import { isWellFormed } from './parse-json.ts';

export interface QueryParameter {
  readonly name: string;
  readonly rawValue: string;
}

/** The text behind percent-encoding; undefined when it is broken, not UTF-8, or holds U+0000. */
export function decodeText(raw: string): string | undefined {
  try {
    const text = decodeURIComponent(raw);
    return text.includes('\u0000') || !isWellFormed(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The same for a query, where `+` is a space. */
export const decodeQueryText = (raw: string): string | undefined => decodeText(raw.replaceAll('+', ' '));

/** The parameters in order; a name that does not decode is kept as it is, and so is unknown. */
export function readQueryString(query: string): QueryParameter[] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return { name: decodeQueryText(name) ?? name, rawValue: value };
    });
}
