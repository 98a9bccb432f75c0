/** International Standard Book Numbers of thirteen digits (ISO 2108); hyphens are for reading and are not kept. */

/** The thirteen digits, or undefined when this is no ISBN: wrong length, prefix or check digit. */
export function readIsbn(text: string): string | undefined {
  if (!/^97[89](?:-?\d){10}$/.test(text)) return undefined;
  const digits = stripHyphens(text);
  return checkSumOf(digits) % 10 === 0 ? digits : undefined;
}

/** What a search compares: a number that is no ISBN simply finds nothing. */
export const stripHyphens = (text: string): string => text.replaceAll('-', '');

/** Digits count once and three times by turns. */
const checkSumOf = (digits: string): number =>
  Array.from(digits).reduce((sum, digit, index) => sum + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
