import { formatPrice, formatYear } from '../format.ts';
import { bookPath } from '../route.ts';
import { Link } from '../router.tsx';
import { nameAuthors, RatingText, StockText } from './book-facts.tsx';
import { Cover } from './cover.tsx';

interface BookCardProps {
  readonly isStockMissing: boolean;
  readonly book: {
    readonly id: string;
    readonly title: string | null;
    readonly year: number | null;
    readonly price: string | null;
    readonly currency: string | null;
    readonly authors: readonly { readonly id: string; readonly name: string | null }[] | null;
    readonly stock: number | null;
    readonly rating: { readonly average: number | null; readonly count: number | null } | null;
  };
}

/** One book of the list. The whole card opens it; for the keyboard and screen readers the title is the link. */
export function BookCard({ book, isStockMissing }: BookCardProps) {
  const title = book.title ?? book.id;
  const authors = nameAuthors(book);
  return (
    <li className="card">
      <Cover id={book.id} title={title} author={authors ?? ''} />
      <h2>
        <Link href={bookPath(book.id)}>{title}</Link>
      </h2>
      <p className="by">
        {authors ?? <span className="missing">Author can’t be shown right now</span>}
        {book.year !== null && <span className="faint"> · {formatYear(book.year)}</span>}
      </p>
      <p>
        <RatingText rating={book.rating} />
      </p>
      <p className="offer">
        {book.price !== null && <span className="price">{formatPrice(book.price, book.currency ?? 'EUR')}</span>}
        <StockText stock={book.stock} isMissing={isStockMissing} />
      </p>
    </li>
  );
}

/** The same height as a card, so that nothing moves when the books arrive. */
export function BookCardSkeleton() {
  return (
    <li className="card skeleton">
      <div className="cover" />
      <h2>
        <i />
      </h2>
      <p>
        <i />
      </p>
      <p>
        <i />
      </p>
      <p>
        <i />
      </p>
    </li>
  );
}
