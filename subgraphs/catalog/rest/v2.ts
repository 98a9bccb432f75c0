/** Version 2: a list of authors, prices as exact text with their currency, and merge patches. */
import type { Book, BookInput } from '../domain/book.ts';
import { currency, formatPrice } from '../domain/price.ts';
import type { ApiVersion } from './version.ts';

interface BookBody {
  readonly title: string;
  readonly authors: readonly { readonly id: string }[];
  readonly year?: number | null;
  readonly language?: string | null;
  readonly genre?: string | null;
  readonly isbn?: string | null;
  readonly price: { readonly amount: string };
}

/** Members of a merge patch; the one currency there is cannot be changed. */
interface PatchBody extends Partial<Omit<BookBody, 'price'>> {
  readonly price?: { readonly amount?: string };
}

export const v2: ApiVersion = {
  root: '/v2/books',
  toBody({ id, title, year, language, genre, isbn, authorIds, price, version, updatedAt }: Book) {
    const authors = authorIds.map((authorId) => ({ id: authorId }));
    const amount = formatPrice(price);
    return { id, title, year, language, genre, isbn, authors, price: { amount, currency }, version, updatedAt };
  },
  readBook(body) {
    const { title, authors, year = null, language = null, genre = null, isbn = null, price } = body as BookBody;
    return { title, authorIds: authors.map(({ id }) => id), year, language, genre, isbn, price: price.amount };
  },
  pointers: { title: '/title', year: '/year', isbn: '/isbn', authorIds: '/authors', price: '/price/amount' },
};

/** What a merge patch changes (RFC 7396): what is left out stays, null empties. */
export function readPatch(body: unknown): Partial<BookInput> {
  const { authors, price, ...rest } = body as PatchBody;
  return {
    ...rest,
    ...(authors === undefined ? {} : { authorIds: authors.map(({ id }) => id) }),
    ...(price?.amount === undefined ? {} : { price: price.amount }),
  };
}
