/** What differs between the versions of the API. The operations are the same, over the same domain. */
import type { Book, BookFault, BookInput } from '../domain/book.ts';

export interface ApiVersion {
  /** Of all its paths: "/v2/books". */
  readonly root: string;
  /** A book as this version shows it. */
  toBody(book: Book): unknown;
  /** A whole book as this version says it; `current` is the book it replaces. */
  readBook(body: unknown, current?: Book): BookInput;
  /** Where in its bodies a fault is. */
  readonly pointers: Readonly<Record<BookFault['field'], string>>;
}
