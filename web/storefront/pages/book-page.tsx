/**
 * A book's page: one query over four services. What a service cannot tell is said where it would stand, and the rest of
 * the page stays (experience.md 5).
 */
import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { formatGenre, formatLanguage, formatLife, formatPrice, formatYear } from '../format.ts';
import { graphql, type ResultOf } from '../graphql.ts';
import { nameAuthors, RatingText, StockText } from '../parts/book-facts.tsx';
import { Cover } from '../parts/cover.tsx';
import { FailurePanel, PartialNotice } from '../parts/notice.tsx';
import { OrderForm } from '../parts/order-form.tsx';
import { PageHeading } from '../parts/page-heading.tsx';
import { ReviewForm } from '../parts/review-form.tsx';
import { Reviews } from '../parts/reviews.tsx';
import { explain, isMissing } from '../problems.ts';
import { Link } from '../router.tsx';
import { UnknownPage } from './unknown-page.tsx';

const bookQuery = graphql(`
  query Book($id: ID!) {
    book(id: $id) {
      id
      title
      year
      language
      genre
      isbn
      price
      currency
      authors {
        id
        name
        birthYear
        deathYear
      }
      rating {
        average
        count
      }
      stock
      reviews(first: 5) {
        nodes {
          id
          rating
          text
          reader
          createdAt
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        totalCount
      }
    }
  }
`);

type Book = NonNullable<ResultOf<typeof bookQuery>['book']>;

export function BookPage({ id }: { readonly id: string }) {
  const { data, error, networkStatus, refetch } = useQuery(bookQuery, { variables: { id } });
  const isRetrying = networkStatus === NetworkStatus.refetch;
  const retry = () => void refetch();

  if (data?.book) {
    const isPartial = error !== undefined;
    return (
      <article className="book">
        {isPartial && (
          <PartialNotice onRetry={retry} isBusy={isRetrying}>
            Some of this page can’t be shown right now. The rest of it is complete.
          </PartialNotice>
        )}
        <BookFacts book={data.book} isStockMissing={isMissing(error, 'stock')} />
        <section className="reviews" aria-labelledby="reviews-heading">
          <h2 id="reviews-heading">What readers say</h2>
          <Reviews bookId={id} reviews={data.book.reviews} />
          <ReviewForm bookId={id} onAdded={refetch} />
        </section>
      </article>
    );
  }
  if (networkStatus === NetworkStatus.loading) return <BookSkeleton />;
  if (data?.book === null && error === undefined)
    return <UnknownPage heading="There is no such book" text="It may have been taken out of the catalog." />;
  return (
    <>
      <PageHeading text="Book" className="sr-only" />
      <FailurePanel title="This book can’t be shown right now" onRetry={retry} isBusy={isRetrying}>
        {explain(error)}
      </FailurePanel>
    </>
  );
}

function BookFacts({ book, isStockMissing }: { readonly book: Book; readonly isStockMissing: boolean }) {
  const title = book.title ?? book.id;
  return (
    <div className="book-top">
      <Cover id={book.id} title={title} author={nameAuthors(book) ?? ''} />
      <div className="book-facts">
        <PageHeading text={title} />
        <ul className="authors">
          {book.authors?.map((author) => (
            <li key={author.id}>
              {author.name === null ? (
                <span className="missing">Author can’t be shown right now</span>
              ) : (
                <>
                  <Link href={`/?author=${encodeURIComponent(author.name)}`}>{author.name}</Link>{' '}
                  <span className="faint">{formatLife(author.birthYear, author.deathYear)}</span>
                </>
              )}
            </li>
          ))}
        </ul>
        <p>
          <RatingText rating={book.rating} />
        </p>
        <dl className="facts">
          {book.year !== null && <Fact name="First published" value={formatYear(book.year)} />}
          {book.language !== null && <Fact name="Original language" value={formatLanguage(book.language)} />}
          {book.genre !== null && <Fact name="Genre" value={formatGenre(book.genre)} />}
          {book.isbn !== null && <Fact name="ISBN" value={book.isbn} />}
        </dl>
      </div>
      <section className="panel" aria-labelledby="order-heading">
        <h2 id="order-heading">Order a copy</h2>
        <p className="offer">
          {book.price !== null && <span className="price">{formatPrice(book.price, book.currency ?? 'EUR')}</span>}
          <StockText stock={book.stock} isMissing={isStockMissing} />
        </p>
        <OrderForm bookId={book.id} stock={book.stock} />
      </section>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function BookSkeleton() {
  return (
    <div className="book skeleton" aria-busy="true">
      <div className="book-top">
        <div className="cover" />
        <div className="book-facts">
          <PageHeading text="Fetching the book …" />
          <p>
            <i />
          </p>
          <p>
            <i />
          </p>
        </div>
        <div className="panel" />
      </div>
    </div>
  );
}
