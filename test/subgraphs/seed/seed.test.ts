/** The seed as data: everything the services take for granted about it, and what facts of a life and a book allow. */
import { describe, expect, test } from 'vitest';
import { isBookId } from '../../../subgraphs/catalog/domain/book-id.ts';
import { writeBook } from '../../../subgraphs/catalog/domain/book.ts';
import { checkDetails } from '../../../subgraphs/authors/domain/author.ts';
import { fullName } from '../../../subgraphs/authors/domain/name.ts';
import { slugify } from '../../../subgraphs/chassis/text.ts';
import { seedAuthors } from '../../../subgraphs/seed/authors.ts';
import { seedBooks, type SeedBook } from '../../../subgraphs/seed/books.ts';

const now = new Date(Date.UTC(2026, 0, 1));
const authorsById = new Map(seedAuthors.map((author) => [author.id, author]));
const authorsOf = (book: SeedBook) => book.authorIds.map((id) => authorsById.get(id)!);

/** First published, as a book, after the author's death. */
const posthumous = [
  'das-schloss',
  'der-process',
  'het-achterhuis',
  'il-gattopardo',
  'il-principe',
  'jacques-le-fataliste-et-son-maitre',
  'le-temps-retrouve',
  'macbeth',
  'master-i-margarita',
  'oku-no-hosomichi',
  'tirant-lo-blanch',
];

const genres = [
  'adventure',
  'autobiography',
  'children',
  'crime',
  'drama',
  'epic',
  'essay',
  'fantasy',
  'gothic',
  'novel',
  'philosophy',
  'poetry',
  'satire',
  'science-fiction',
  'short-stories',
];

/** Nobody here published a book at an earlier age. */
const YOUNGEST = 15;

const isAfterDeath = (book: SeedBook) =>
  authorsOf(book).every(({ deathYear }) => deathYear !== null && book.year !== null && book.year > deathYear);

const isTooEarly = (book: SeedBook) =>
  authorsOf(book).some(({ birthYear }) => birthYear !== null && book.year !== null && book.year < birthYear + YOUNGEST);

describe('the seeded books', () => {
  test('are at least 120, by at least 60 authors, in many languages', () => {
    expect(seedBooks.length).toBeGreaterThanOrEqual(120);
    expect(new Set(seedBooks.flatMap((book) => book.authorIds)).size).toBeGreaterThanOrEqual(60);
    expect(new Set(seedBooks.map((book) => book.language)).size).toBeGreaterThanOrEqual(20);
  });

  test('have those the documentation speaks of', () => {
    expect(seedBooks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          id: 'le-petit-prince',
          title: 'Le Petit Prince',
          year: 1943,
          authorIds: ['antoine-de-saint-exupery'],
        }),
        expect.objectContaining({ id: 'madame-bovary', year: 1857, authorIds: ['gustave-flaubert'] }),
        expect.objectContaining({ id: 'iliad', year: null, authorIds: ['homer'] }),
        expect.objectContaining({ id: 'dvenadtsat-stulyev', authorIds: ['ilya-ilf', 'yevgeny-petrov'] }),
      ]),
    );
  });

  test('have ids of their own, made from their titles as the catalog makes them', () => {
    expect(new Set(seedBooks.map((book) => book.id)).size).toBe(seedBooks.length);
    expect(seedBooks.filter(({ id, title }) => id !== slugify(title) || !isBookId(id))).toEqual([]);
  });

  test('have authors that are there, each once', () => {
    for (const { id, authorIds } of seedBooks) {
      expect(authorIds.length, id).toBeGreaterThan(0);
      expect(new Set(authorIds).size, id).toBe(authorIds.length);
      for (const authorId of authorIds) expect(authorsById.has(authorId), `${id}: ${authorId}`).toBe(true);
    }
  });

  test('keep the rules of the catalog', () => {
    for (const { title, year, language, genre, authorIds } of seedBooks) {
      const input = { title, year, language, genre, authorIds, isbn: null, price: '0.00' };
      expect(writeBook(input, now)).toMatchObject({ title, year });
    }
  });

  test('have a language that ISO 639-1 knows today and a genre of the list', () => {
    const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
    // Every runtime knows the code "sh", which the standard has withdrawn.
    const isLanguage = (code: string) => /^[a-z]{2}$/.test(code) && code !== 'sh' && names.of(code) !== undefined;
    expect(seedBooks.filter(({ language }) => !isLanguage(language))).toEqual([]);
    expect(seedBooks.filter(({ genre }) => !genres.includes(genre))).toEqual([]);
  });

  test('came out in the life of their authors, or are known to be posthumous', () => {
    expect(
      seedBooks
        .filter(isAfterDeath)
        .map((book) => book.id)
        .toSorted(),
    ).toEqual(posthumous);
    expect(seedBooks.filter(isTooEarly)).toEqual([]);
  });
});

describe('the seeded authors', () => {
  test('have ids of their own, made from their names as the service makes them', () => {
    expect(authorsById.size).toBe(seedAuthors.length);
    expect(seedAuthors.filter((author) => author.id !== slugify(fullName(author)))).toEqual([]);
  });

  test('keep the rules of the authors', () => {
    for (const { id, ...details } of seedAuthors) expect(checkDetails(details, now), id).toEqual(details);
  });

  test('have each a book', () => {
    const writers = new Set(seedBooks.flatMap((book) => book.authorIds));
    expect(seedAuthors.filter(({ id }) => !writers.has(id))).toEqual([]);
  });
});
