/**
 * Version 1, kept for its callers until its sunset: one author, and the price as a plain number. What it cannot say about a
 * book stays as it is when it replaces one: the further authors.
 */
import type { Book } from '../domain/book.ts';
import type { ApiVersion } from './version.ts';

interface BookBody {
  readonly title: string;
  readonly authorId: string;
  readonly year?: number | null;
  readonly language?: string | null;
  readonly genre?: string | null;
  readonly isbn?: string | null;
  readonly price: number;
}

export const v1: ApiVersion = {
  root: '/v1/books',
  toBody({ id, title, year, language, genre, isbn, authorIds, price, version, updatedAt }: Book) {
    return { id, title, year, language, genre, isbn, authorId: authorIds[0], price: price / 100, version, updatedAt };
  },
  readBook(body, current) {
    const { title, authorId, year = null, language = null, genre = null, isbn = null, price } = body as BookBody;
    const others = current?.authorIds.slice(1).filter((id) => id !== authorId) ?? [];
    return { title, authorIds: [authorId, ...others], year, language, genre, isbn, price: String(price) };
  },
  pointers: { title: '/title', year: '/year', isbn: '/isbn', authorIds: '/authorId', price: '/price' },
};
