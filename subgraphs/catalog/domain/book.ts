/**
 * A book and its rules. That an ISBN belongs to one book, and an id to one book, are rules over all books; the store holds
 * them. Whether its authors exist is not the catalog's to know.
 */
import { readIsbn } from './isbn.ts';
import { readPrice, type Cents } from './price.ts';

export interface Book {
  /** A readable slug. */
  readonly id: string;
  readonly title: string;
  /** Of first publication; negative before our era, and there is no year 0. */
  readonly year: number | null;
  /** Of the original, ISO 639-1. */
  readonly language: string | null;
  readonly genre: string | null;
  /** Thirteen digits. */
  readonly isbn: string | null;
  /** At least one, in the order of the title page. */
  readonly authorIds: readonly string[];
  readonly price: Cents;
  readonly version: number;
  readonly updatedAt: Date;
}

/** A book that the store has yet to give an id. */
export type NewBook = Omit<Book, 'id'>;

type BookFacts = Omit<NewBook, 'version' | 'updatedAt'>;

/** What somebody says about a book: the price as text, the ISBN perhaps with hyphens. */
export interface BookInput extends Omit<BookFacts, 'price'> {
  readonly price: string;
}

export interface BookFault {
  readonly field: 'title' | 'year' | 'isbn' | 'authorIds' | 'price';
  readonly detail: string;
}

/** All that is wrong with a book, at once. */
export class InvalidBook extends Error {
  override readonly name = 'InvalidBook';
  readonly faults: readonly BookFault[];

  constructor(faults: readonly BookFault[]) {
    super(faults.map(({ detail }) => detail).join('; '));
    this.faults = faults;
  }
}

/** Another book has this ISBN. */
export class DuplicateIsbn extends Error {
  override readonly name = 'DuplicateIsbn';
  readonly existingId: string;

  constructor(existingId: string) {
    super(`The book "${existingId}" has this ISBN already`);
    this.existingId = existingId;
  }
}

const MAX_TITLE = 300;

/** A new book, version 1. Throws InvalidBook. */
export const writeBook = (input: BookInput, now: Date): NewBook => ({
  ...readInput(input),
  version: 1,
  updatedAt: now,
});

/** The book as changed; the very same when nothing differs. Throws InvalidBook. */
export function changeBook(book: Book, change: Partial<BookInput>, now: Date): Book {
  const changed = { ...book, ...readInput(change) };
  if (isSame(book, changed)) return book;
  return { ...changed, version: book.version + 1, updatedAt: now };
}

/** Reads the members that are there. */
function readInput(input: BookInput): BookFacts;
function readInput(input: Partial<BookInput>): Partial<BookFacts>;
function readInput(input: Partial<BookInput>): Partial<BookFacts> {
  const { title: titleText, isbn: isbnText, price: priceText, ...rest } = input;
  const title = titleText?.trim();
  const isbn = typeof isbnText === 'string' ? readIsbn(isbnText) : isbnText;
  const price = priceText === undefined ? undefined : readPrice(priceText);
  const faults = [
    ...(title === undefined ? [] : faultsOfTitle(title)),
    ...(rest.year === 0 ? [fault('year', 'There is no year 0: 1 follows -1')] : []),
    ...(isbnText !== undefined && isbn === undefined ? [fault('isbn', describeIsbn)] : []),
    ...(rest.authorIds === undefined ? [] : faultsOfAuthors(rest.authorIds)),
    ...(priceText !== undefined && price === undefined ? [fault('price', describePrice)] : []),
  ];
  if (faults.length > 0) throw new InvalidBook(faults);
  return {
    ...rest,
    ...(title === undefined ? {} : { title }),
    ...(isbn === undefined ? {} : { isbn }),
    ...(price === undefined ? {} : { price }),
  };
}

const describeIsbn = 'An ISBN has 13 digits from 978 or 979 on, the last of which fits the others';
const describePrice = 'A price is 0.00 to 99999.99, with at most two decimals';

const fault = (field: BookFault['field'], detail: string): BookFault => ({ field, detail });

function faultsOfTitle(title: string): BookFault[] {
  const length = Array.from(title).length;
  if (length < 1 || length > MAX_TITLE) {
    return [fault('title', `A title has 1 to ${MAX_TITLE} characters, not counting white space around it`)];
  }
  return hasOddCharacters(title) ? [fault('title', 'A title has no control characters')] : [];
}

/** Control characters, and halves of characters, which no database stores. */
// oxlint-disable-next-line no-control-regex -- they are what it looks for
const hasOddCharacters = (text: string): boolean => /[\p{Cs}\u0000-\u001f\u007f]/u.test(text);

function faultsOfAuthors(authorIds: readonly string[]): BookFault[] {
  if (authorIds.length === 0) return [fault('authorIds', 'A book has an author')];
  return new Set(authorIds).size < authorIds.length ? [fault('authorIds', 'An author stands once with a book')] : [];
}

function isSame(one: Book, other: Book): boolean {
  const { title, year, language, genre, isbn, price, authorIds } = one;
  return (
    title === other.title &&
    year === other.year &&
    language === other.language &&
    genre === other.genre &&
    isbn === other.isbn &&
    price === other.price &&
    authorIds.length === other.authorIds.length &&
    authorIds.every((id, index) => id === other.authorIds[index])
  );
}
