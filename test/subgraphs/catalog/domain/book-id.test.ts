import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseId, isBookId, wishedId } from '../../../../subgraphs/catalog/domain/book-id.ts';

describe('ids of books', () => {
  test.each([
    ['Madame Bovary', 'madame-bovary'],
    ['L’Étranger', 'l-etranger'],
    ['戦争と平和', 'book'],
    ['!?', 'book'],
  ])('"%s" wishes for %s', (title, id) => expect(wishedId(title)).toBe(id));

  test('chooseId numbers from 2 on and fills gaps', () => {
    expect(chooseId('emma', new Set())).toBe('emma');
    expect(chooseId('emma', new Set(['emma-2']))).toBe('emma');
    expect(chooseId('emma', new Set(['emma']))).toBe('emma-2');
    expect(chooseId('emma', new Set(['emma', 'emma-2', 'emma-4']))).toBe('emma-3');
  });

  test('every title makes an id that is one, and never one that is taken', () => {
    const titles = fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 20 });
    fc.assert(
      fc.property(titles, (some) => {
        const taken = new Set<string>();
        for (const title of [...some, ...some]) {
          const id = chooseId(wishedId(title), taken);
          expect(isBookId(id)).toBe(true);
          expect(taken.has(id)).toBe(false);
          taken.add(id);
        }
      }),
    );
  });
});
