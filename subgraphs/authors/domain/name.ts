/**
 * Names of people: what may be one, how it is compared, sorted and turned into an id. Many great authors have one name
 * only (Homer, Molière); it is their last name then, and the first name is null.
 */
import { foldText, slugify } from '../../chassis/text.ts';

export interface PersonName {
  readonly firstName: string | null;
  readonly lastName: string;
}

/** Characters of a first or a last name, as people count them. */
const MAX_LENGTH = 100;

/** Enough to sort by, and short enough for an index however far a letter unfolds when its accents are taken off. */
const MAX_SORT_LENGTH = 60;

/** The same name for the same letters: composed characters, one space between words. */
export const tidyName = (text: string): string => text.normalize('NFC').trim().replaceAll(/ {2,}/g, ' ');

/** What keeps a tidied text from being a name; undefined when nothing does. */
export function faultOfName(text: string): string | undefined {
  const length = Array.from(text).length;
  if (length > MAX_LENGTH) return `A name has at most ${MAX_LENGTH} characters; this one has ${length}`;
  // Line breaks, halves of characters and the two code points that XML cannot carry.
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/u.test(text))
    return 'A name has no control characters and no line breaks';
  if (!/[\p{L}\p{N}]/u.test(text)) return 'A name has at least one letter';
  return undefined;
}

/** "Gustave Flaubert", or "Homer". */
export const fullName = ({ firstName, lastName }: PersonName): string =>
  firstName === null ? lastName : `${firstName} ${lastName}`;

/** What a part of a name is looked up in: without case and accents. */
export const searchKeyOf = (name: PersonName): string => foldText(fullName(name));

export interface SortKey {
  readonly last: string;
  readonly first: string;
}

/** Last name, then first name, without case and accents; who has no first name comes before those who have one. */
export const sortKeyOf = ({ firstName, lastName }: PersonName): SortKey => ({
  last: cut(foldText(lastName)),
  first: cut(foldText(firstName ?? '')),
});

const cut = (text: string): string => Array.from(text).slice(0, MAX_SORT_LENGTH).join('');

/** The id a name asks for; a name without any Latin letter gives no readable one. */
export const baseIdOf = (name: PersonName): string => slugify(fullName(name)) || 'author';

/** The base itself, or with the first of -2, -3, ... that nobody has. */
export function chooseId(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}
