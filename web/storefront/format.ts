/** Prices, years and the like in the reader's own way of writing. */

/** A price; the amount stays the exact decimal the shop sent. */
export function formatPrice(amount: string, currency: string): string {
  try {
    const format = new Intl.NumberFormat(undefined, { style: 'currency', currency });
    return format.format(amount as Intl.StringNumericLiteral);
  } catch {
    return `${amount} ${currency}`;
  }
}

/** A year; years before our era are negative. */
export const formatYear = (year: number): string => (year < 0 ? `${-year} BC` : String(year));

/** "1821–1880", "born 1948", or nothing. */
export function formatLife(birth: number | null, death: number | null): string {
  if (birth !== null && death !== null) return `${formatYear(birth)}–${formatYear(death)}`;
  if (birth !== null) return `born ${formatYear(birth)}`;
  return death === null ? '' : `died ${formatYear(death)}`;
}

export const formatDate = (instant: string): string =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'long' }).format(new Date(instant));

export const formatMoment = (instant: string): string =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(instant));

/** "French" for "fr"; the code itself where the browser has no name for it. */
export function formatLanguage(code: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** "Science fiction" for "science-fiction". */
export function formatGenre(genre: string): string {
  const words = genre.replaceAll(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const numbers = new Intl.NumberFormat();

/** "1 copy", "1,204 copies". */
export const count = (amount: number, one: string, many: string): string =>
  `${numbers.format(amount)} ${amount === 1 ? one : many}`;

/** The part of an id that a name stands for: "Émile Zola" is "emile-zola". */
export const slugOf = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
