import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rate } from '../../../../subgraphs/reviews/domain/rating.ts';
import {
  changeReview,
  InvalidReview,
  NotYourReview,
  writeReview,
  type Review,
} from '../../../../subgraphs/reviews/domain/review.ts';

const now = new Date('2026-05-04T09:00:00.000Z');
const later = new Date('2026-05-05T09:00:00.000Z');
const write = (change: Partial<Review> = {}): Review =>
  writeReview({ id: 'r', bookId: 'emma', reader: 'anna', rating: 4, text: 'A very good book.', now, ...change });
const faultsOf = (change: Partial<Review>): string[] => {
  try {
    write(change);
    return [];
  } catch (error) {
    if (error instanceof InvalidReview) return error.faults.map(({ field }) => field);
    throw error;
  }
};

describe('writeReview', () => {
  test('cuts white space off the text and starts at version 1', () => {
    expect(write({ text: '  A very good book.\n' })).toEqual({
      id: 'r',
      bookId: 'emma',
      reader: 'anna',
      rating: 4,
      text: 'A very good book.',
      createdAt: now,
      updatedAt: now,
      version: 1,
    });
  });

  test.each([0, 6, 3.5, -1, Number.NaN, Infinity])('refuses the rating %s', (rating) => {
    expect(faultsOf({ rating })).toEqual(['rating']);
  });

  test('takes a text of 10 to 5,000 characters, and counts what people see as one as one', () => {
    expect(faultsOf({ text: 'a'.repeat(9) })).toEqual(['text']);
    expect(faultsOf({ text: ` ${'a'.repeat(9)} ` })).toEqual(['text']);
    expect(faultsOf({ text: 'a'.repeat(10) })).toEqual([]);
    expect(faultsOf({ text: '📖'.repeat(9) })).toEqual(['text']);
    expect(faultsOf({ text: '📖'.repeat(5_000) })).toEqual([]);
    expect(faultsOf({ text: 'a'.repeat(5_001) })).toEqual(['text']);
  });

  test.each(['', ' anna', 'a'.repeat(65), 'an\nna', 'an\u0000na'])('refuses the reader %j', (reader) => {
    expect(faultsOf({ reader })).toEqual(['reader']);
  });

  test.each(['A good \u0000 book, that.', 'A good \ud800 book, that.'])(
    'refuses %j, which no database stores',
    (text) => {
      expect(faultsOf({ text })).toEqual(['text']);
    },
  );

  test('names all faults at once', () => {
    expect(faultsOf({ reader: '', rating: 9, text: 'short' })).toEqual(['reader', 'rating', 'text']);
  });
});

describe('changeReview', () => {
  test('changes what is given, keeps the rest, and counts the version up', () => {
    expect(changeReview(write(), { reader: 'anna', rating: 2, now: later })).toEqual({
      ...write(),
      rating: 2,
      updatedAt: later,
      version: 2,
    });
  });

  test('that changes nothing gives the very same review', () => {
    const review = write();
    expect(changeReview(review, { reader: 'anna', rating: 4, text: ' A very good book. ', now: later })).toBe(review);
    expect(changeReview(review, { reader: 'anna', now: later })).toBe(review);
  });

  test('by another reader is refused, whatever it would change', () => {
    expect(() => changeReview(write(), { reader: 'berta', now: later })).toThrow(NotYourReview);
    expect(() => changeReview(write(), { reader: 'berta', rating: 99, now: later })).toThrow(NotYourReview);
  });

  test('never gives a review that breaks the rules', () => {
    const change = fc.record(
      { rating: fc.double(), text: fc.string({ unit: 'binary', maxLength: 40 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(change, (changes) => {
        let changed: Review;
        try {
          changed = changeReview(write(), { ...changes, reader: 'anna', now: later });
        } catch (error) {
          if (error instanceof InvalidReview) return;
          throw error;
        }
        const { rating, text } = changed;
        expect(faultsOf({ rating, text })).toEqual([]);
        expect(Number.isInteger(rating) && rating >= 1 && rating <= 5 && text.trim() === text).toBe(true);
      }),
    );
  });
});

describe('rate', () => {
  test('has no average without reviews, and one decimal with them', () => {
    expect(rate(0, 0)).toEqual({ average: null, count: 0 });
    expect(rate(13, 3)).toEqual({ average: 4.3, count: 3 });
    expect(rate(17, 4)).toEqual({ average: 4.3, count: 4 });
    expect(rate(10, 2)).toEqual({ average: 5, count: 2 });
  });

  test('lies within half a tenth of the mean, for any ratings', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (ratings) => {
        const sum = ratings.reduce((a, b) => a + b, 0);
        const { average } = rate(sum, ratings.length);
        expect(Math.abs(average! - sum / ratings.length)).toBeLessThanOrEqual(0.05 + 1e-9);
        expect(String(average)).toMatch(/^[1-5](\.\d)?$/);
      }),
    );
  });
});
