import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changeAuthor,
  checkDetails,
  InvalidAuthor,
  type Author,
  type AuthorDetails,
} from '../../../../subgraphs/authors/domain/author.ts';
import { faultsOfLife, yearsBetween } from '../../../../subgraphs/authors/domain/life.ts';

const now = new Date(Date.UTC(2026, 5, 1));
const flaubert: Author = {
  id: 'gustave-flaubert',
  firstName: 'Gustave',
  lastName: 'Flaubert',
  birthYear: 1821,
  deathYear: 1880,
  version: 3,
};

const yearAfter = (year: number): number => (year === -1 ? 1 : year + 1);

describe('a life', () => {
  test.each([
    ['nothing known', null, null, []],
    ['birth only', 1970, null, []],
    ['death only', null, -8, []],
    ['Horace', -65, -8, []],
    ['across the eras', -43, 17, []],
    ['one year', 1900, 1900, []],
    ['130 years', 1800, 1930, []],
    ['130 years across the eras', -65, 66, []],
    ['born this year', 2026, null, []],
    ['131 years', 1800, 1931, ['deathYear']],
    ['131 years across the eras', -65, 67, ['deathYear']],
    ['death before birth', 1880, 1821, ['deathYear']],
    ['death before birth, before our era', -8, -65, ['deathYear']],
    ['born next year', 2027, null, ['birthYear']],
    ['both in the future', 2027, 2028, ['birthYear', 'deathYear']],
    ['year 0', 0, 60, ['birthYear']],
    ['half a year', 1821.5, null, ['birthYear']],
  ])('of %s', (_what, birthYear, deathYear, fields) => {
    expect(faultsOfLife({ birthYear, deathYear }, now).map(({ field }) => field)).toEqual(fields);
  });

  test('yearsBetween counts every year but the one that never was', () => {
    const year = fc.integer({ min: -3000, max: 3000 }).filter((value) => value !== 0);
    fc.assert(
      fc.property(year, fc.integer({ min: 0, max: 200 }), (from, count) => {
        let to = from;
        for (let step = 0; step < count; step += 1) to = yearAfter(to);
        expect(yearsBetween(from, to)).toBe(count);
      }),
    );
  });
});

describe('an author', () => {
  test('checkDetails tells all faults at once', () => {
    const details = { firstName: '\u0000', lastName: ' ', birthYear: 3000, deathYear: 0 };
    expect(() => checkDetails(details, now)).toThrow(InvalidAuthor);
    try {
      checkDetails(details, now);
    } catch (error) {
      const { faults } = error as InvalidAuthor;
      expect(faults.map(({ field }) => field)).toEqual(['firstName', 'lastName', 'birthYear', 'deathYear']);
    }
  });

  test('changeAuthor gives the next version, under the same id', () => {
    expect(changeAuthor(flaubert, { lastName: 'Flobert' }, now)).toEqual({
      ...flaubert,
      lastName: 'Flobert',
      version: 4,
    });
    expect(changeAuthor(flaubert, { firstName: null }, now)).toMatchObject({ id: 'gustave-flaubert', firstName: null });
  });

  test('changeAuthor that says nothing new gives the very same', () => {
    expect(changeAuthor(flaubert, {}, now)).toBe(flaubert);
    expect(changeAuthor(flaubert, { lastName: ' Flaubert ', birthYear: 1821 }, now)).toBe(flaubert);
  });

  test('changeAuthor looks at the new year beside the old one', () => {
    expect(() => changeAuthor(flaubert, { birthYear: 1881 }, now)).toThrow('Nobody dies before being born');
    expect(changeAuthor(flaubert, { birthYear: 1881, deathYear: null }, now).version).toBe(4);
  });

  test('what checkDetails gives, it gives again', () => {
    const year = fc.option(fc.integer({ min: -100, max: 2100 }));
    const details: fc.Arbitrary<AuthorDetails> = fc.record({
      firstName: fc.option(fc.string({ unit: 'grapheme' })),
      lastName: fc.string({ unit: 'grapheme' }),
      birthYear: year,
      deathYear: year,
    });
    fc.assert(
      fc.property(details, (wanted) => {
        let once: AuthorDetails;
        try {
          once = checkDetails(wanted, now);
        } catch (error) {
          if (error instanceof InvalidAuthor) return;
          throw error;
        }
        expect(checkDetails(once, now)).toEqual(once);
      }),
    );
  });
});
