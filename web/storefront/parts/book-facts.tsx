/** Rating and stock in words: the same ones in the list and on the book's page. */
import { count } from '../format.ts';

interface RatingProps {
  readonly rating: { readonly average: number | null; readonly count: number | null } | null;
}

export function RatingText({ rating }: RatingProps) {
  if (rating === null) return <span className="missing">Rating can’t be shown right now</span>;
  if (rating.average === null) return <span className="faint">No reviews yet</span>;
  const readers = rating.count ?? 0;
  return (
    <span className="rating">
      <span className="star" aria-hidden="true">
        ★
      </span>
      <span className="sr-only">Rated </span>
      {rating.average.toFixed(1)}
      <span className="sr-only"> of 5</span> <span className="faint">({count(readers, 'review', 'reviews')})</span>
    </span>
  );
}

interface StockProps {
  readonly stock: number | null;
  readonly isMissing: boolean;
}

export function StockText({ stock, isMissing }: StockProps) {
  if (stock === null && isMissing) return <span className="missing">Stock can’t be shown right now</span>;
  if (stock === null) return <span className="faint">Not in our stock list</span>;
  if (stock === 0) return <span className="stock sold-out">Sold out</span>;
  if (stock <= 5) return <span className="stock few">{stock === 1 ? 'Last copy' : `Only ${stock} left`}</span>;
  return <span className="stock">{count(stock, 'copy', 'copies')} in stock</span>;
}

interface AuthorsProps {
  readonly authors: readonly { readonly id: string; readonly name: string | null }[] | null;
}

/** The authors' names in one line, or null when none can be shown. */
export function nameAuthors({ authors }: AuthorsProps): string | null {
  const names = (authors ?? []).flatMap(({ name }) => (name === null ? [] : [name]));
  if (names.length === 0) return null;
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(names);
}
