/** Text as people search and name things by it: without case, without accents. Done here, not by the database, so that every store agrees. */

/** Letters that Unicode does not take apart into a base letter and an accent. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};

/** Lower case, without accents, one space between words: what a search compares. */
export const foldText = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[ßæœøđðþłı]/g, (letter) => PLAIN[letter]!)
    .replaceAll(/\s+/g, ' ')
    .trim();

/** A readable ASCII id: "L’Étranger" becomes l-etranger. Empty when nothing of the text is a Latin letter or a digit. */
export const slugify = (text: string, maxLength = 80): string =>
  foldText(text)
    .replaceAll(/['’]s\b/g, 's')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, maxLength)
    .replace(/-$/, '');
