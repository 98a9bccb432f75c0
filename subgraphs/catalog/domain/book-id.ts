/** Ids of books: readable, made from the title, numbered when another book has the same. */
import { slugify } from '../../chassis/text.ts';

/** The id a book with this title would like to have: "madame-bovary". */
export const wishedId = (title: string): string => slugify(title) || 'book';

/** The wished id, or the first of wished-2, wished-3, ... that is not taken. */
export function chooseId(wished: string, taken: ReadonlySet<string>): string {
  let id = wished;
  for (let number = 2; taken.has(id); number += 1) id = `${wished}-${number}`;
  return id;
}

/** Can this be the id of a book at all? */
export const isBookId = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text);
