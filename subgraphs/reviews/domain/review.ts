/**
 * A review and its rules: a rating from 1 to 5, a text of 10 to 5,000 characters, and nobody but its reader changes it.
 * That a reader reviews a book once is a rule over all reviews; the store holds it.
 */

export interface Review {
  readonly id: string;
  readonly bookId: string;
  readonly reader: string;
  readonly rating: number;
  readonly text: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

export interface ReviewFault {
  readonly field: 'reader' | 'rating' | 'text';
  readonly detail: string;
}

/** All that is wrong with a review, at once. */
export class InvalidReview extends Error {
  override readonly name = 'InvalidReview';
  readonly faults: readonly ReviewFault[];

  constructor(faults: readonly ReviewFault[]) {
    super(faults.map(({ detail }) => detail).join('; '));
    this.faults = faults;
  }
}

/** Somebody else wrote it. */
export class NotYourReview extends Error {
  override readonly name = 'NotYourReview';
}

const MAX_READER = 64;
const TEXT_LENGTH = { from: 10, to: 5_000 };

/** A new review. Throws InvalidReview. */
export function writeReview(options: {
  readonly id: string;
  readonly bookId: string;
  readonly reader: string;
  readonly rating: number;
  readonly text: string;
  readonly now: Date;
}): Review {
  const { id, bookId, reader, rating, now } = options;
  const text = options.text.trim();
  check([...faultsOfReader(reader), ...faultsOfRating(rating), ...faultsOfText(text)]);
  return { id, bookId, reader, rating, text, createdAt: now, updatedAt: now, version: 1 };
}

/** The review as changed; the very same when nothing differs. Throws NotYourReview and InvalidReview. */
export function changeReview(
  review: Review,
  change: { readonly reader: string; readonly rating?: number; readonly text?: string; readonly now: Date },
): Review {
  checkReader(review, change.reader);
  const rating = change.rating ?? review.rating;
  const text = change.text?.trim() ?? review.text;
  check([...faultsOfRating(rating), ...faultsOfText(text)]);
  if (rating === review.rating && text === review.text) return review;
  return { ...review, rating, text, updatedAt: change.now, version: review.version + 1 };
}

/** Throws unless the review is this reader's. */
export function checkReader(review: Review, reader: string): void {
  if (review.reader !== reader) throw new NotYourReview('Only its reader may change a review');
}

function check(faults: readonly ReviewFault[]): void {
  if (faults.length > 0) throw new InvalidReview(faults);
}

/** Characters as people count them: an emoji outside the first plane is one. */
const lengthOf = (text: string): number => Array.from(text).length;

/** Control characters, and halves of characters, which no database stores. */
// oxlint-disable-next-line no-control-regex -- they are what it looks for
const hasOddCharacters = (text: string): boolean => /[\p{Cs}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u.test(text);

function faultsOfReader(reader: string): ReviewFault[] {
  if (reader.trim() !== reader || reader === '' || lengthOf(reader) > MAX_READER || /[\t\n\r]/.test(reader)) {
    return [{ field: 'reader', detail: `A reader has a name of 1 to ${MAX_READER} characters` }];
  }
  return hasOddCharacters(reader) ? [{ field: 'reader', detail: 'A name has no control characters' }] : [];
}

function faultsOfRating(rating: number): ReviewFault[] {
  const isValid = Number.isInteger(rating) && rating >= 1 && rating <= 5;
  return isValid ? [] : [{ field: 'rating', detail: 'A rating is a whole number from 1 to 5' }];
}

function faultsOfText(text: string): ReviewFault[] {
  const length = lengthOf(text);
  const { from, to } = TEXT_LENGTH;
  if (length < from || length > to) {
    const detail = `A text has ${from} to ${to} characters, not counting white space around it; this one has ${length}`;
    return [{ field: 'text', detail }];
  }
  return hasOddCharacters(text)
    ? [{ field: 'text', detail: 'A text has no control characters but tab and line feed' }]
    : [];
}
