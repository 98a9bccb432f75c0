import { describe, expect, it } from 'vitest';
import {
  formatGenre,
  formatLanguage,
  formatLife,
  formatPrice,
  formatYear,
  slugOf,
} from '../../../web/storefront/format.ts';

describe('formatPrice', () => {
  it('keeps every digit of the decimal it is given', () => {
    expect(formatPrice('9007199254740993.10', 'EUR').replaceAll(/\D/g, '')).toBe('900719925474099310');
  });

  it('writes amount and currency as they are when the currency is none', () => {
    expect(formatPrice('12.90', 'no currency')).toBe('12.90 no currency');
  });
});

describe('years and names', () => {
  it.each([
    [formatYear(-700), '700 BC'],
    [formatLife(1821, 1880), '1821–1880'],
    [formatLife(1948, null), 'born 1948'],
    [formatLife(null, -19), 'died 19 BC'],
    [formatLife(null, null), ''],
    [formatGenre('science-fiction'), 'Science fiction'],
    [formatLanguage('not a language'), 'not a language'],
    [slugOf('Émile Zola'), 'emile-zola'],
    [slugOf(' H. G. Wells '), 'h-g-wells'],
  ])('%s', (found, expected) => {
    expect(found).toBe(expected);
  });
});
