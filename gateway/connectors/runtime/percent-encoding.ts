/** Percent-encoding of constants and of values (connectors.md 9.2). A value can never add a segment or a parameter. */
import { RequestFault } from './request-fault.ts';

/** What encodeURIComponent leaves, and RFC 3986 does not call unreserved. */
const leftOver = /[!'()*]/g;

/** The output of a hole: everything but `A-Z a-z 0-9 - . _ ~` is escaped. */
export function encodeValue(text: string): string {
  let encoded: string;
  try {
    encoded = encodeURIComponent(text);
  } catch {
    throw new RequestFault('A value in the URL is not valid Unicode');
  }
  for (const char of encoded) {
    if (char === '!' || char === "'" || char === '(' || char === ')' || char === '*') {
      return encoded.replace(leftOver, escapeByte);
    }
  }
  return encoded;
}

const escapeByte = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;

/** A constant: reserved characters and `%` pass, so nothing is encoded twice. */
export const encodeConstant = (text: string): string =>
  text.replace(/[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/gu, (run) => encodeURIComponent(run));
