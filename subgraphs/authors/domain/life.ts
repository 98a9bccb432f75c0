/** The years of a life. Negative years are before our era, where no year 0 lies between -1 and 1; null is not known. */

export interface Life {
  readonly birthYear: number | null;
  readonly deathYear: number | null;
}

export interface LifeFault {
  readonly field: 'birthYear' | 'deathYear';
  readonly detail: string;
}

/** Nobody has been known to live longer; a typing slip in a century is. */
const MAX_YEARS = 130;

/** All that is wrong with the years, seen from `now`. */
export function faultsOfLife({ birthYear, deathYear }: Life, now: Date): LifeFault[] {
  const faults = [...faultsOfYear('birthYear', birthYear, now), ...faultsOfYear('deathYear', deathYear, now)];
  if (faults.length > 0 || birthYear === null || deathYear === null) return faults;
  if (deathYear < birthYear) return [{ field: 'deathYear', detail: 'Nobody dies before being born' }];
  if (yearsBetween(birthYear, deathYear) > MAX_YEARS) {
    return [{ field: 'deathYear', detail: `A life lasts at most ${MAX_YEARS} years` }];
  }
  return [];
}

function faultsOfYear(field: LifeFault['field'], year: number | null, now: Date): LifeFault[] {
  if (year === null) return [];
  if (!Number.isInteger(year)) return [{ field, detail: 'A year is a whole number' }];
  if (year === 0) return [{ field, detail: 'There is no year 0: the year before 1 is -1' }];
  if (year > now.getUTCFullYear()) return [{ field, detail: 'A year of a life is not in the future' }];
  return [];
}

/** Between -1 and 1 lies one year, not two. */
export function yearsBetween(from: number, to: number): number {
  return from < 0 && to > 0 ? to - from - 1 : to - from;
}
