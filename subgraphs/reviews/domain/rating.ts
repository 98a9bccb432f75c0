/** What readers think of a book on average. */

export interface Rating {
  /** One decimal; null while there is no review. */
  readonly average: number | null;
  readonly count: number;
}

export const noRating: Rating = { average: null, count: 0 };

/** The rating of `count` reviews whose ratings add up to `sum`; halves are rounded up. */
export function rate(sum: number, count: number): Rating {
  if (count === 0) return noRating;
  return { average: Math.floor((20 * sum + count) / (2 * count)) / 10, count };
}
