/** Search and list: one query over the catalog, the authors, the reviews and the inventory. */
import { useEffect, useRef, useState, type RefObject } from 'react';
import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { count, slugOf } from '../format.ts';
import { graphql, type VariablesOf } from '../graphql.ts';
import { BookCard, BookCardSkeleton } from '../parts/book-card.tsx';
import { FailurePanel, PartialNotice } from '../parts/notice.tsx';
import { PageHeading } from '../parts/page-heading.tsx';
import { SearchForm } from '../parts/search-form.tsx';
import { explain, isMissing, type Part } from '../problems.ts';
import { Link } from '../router.tsx';

const booksQuery = graphql(`
  query Books($filter: BookFilter, $sort: BookSort, $first: Int!, $after: String) {
    books(filter: $filter, sort: $sort, first: $first, after: $after) {
      nodes {
        id
        title
        year
        price
        currency
        authors {
          id
          name
        }
        stock
        rating {
          average
          count
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
`);

type BooksVariables = VariablesOf<typeof booksQuery>;

const pageSize = 24;
const sorts = ['TITLE_ASC', 'TITLE_DESC', 'YEAR_ASC', 'YEAR_DESC', 'PRICE_ASC', 'PRICE_DESC'] as const;
const partNames: Record<Part, string> = {
  authors: 'authors’ names',
  rating: 'ratings',
  reviews: 'reviews',
  stock: 'stock',
};

/** The query's variables for an address such as `/?title=bovary&sort=YEAR_ASC`. */
export function readVariables(search: URLSearchParams): BooksVariables {
  const given = (name: string): string | undefined => search.get(name)?.trim() || undefined;
  const title = given('title');
  const author = slugOf(given('author') ?? '') || undefined;
  const genre = given('genre');
  return {
    filter: { ...(title && { title }), ...(author && { author }), ...(genre && { genre }) },
    sort: sorts.find((name) => name === search.get('sort')) ?? 'TITLE_ASC',
    first: pageSize,
  };
}

interface ListPageProps {
  readonly search: URLSearchParams;
  readonly genres: readonly string[];
}

export function ListPage({ search, genres }: ListPageProps) {
  const { data, previousData, error, networkStatus, refetch, fetchMore } = useQuery(booksQuery, {
    variables: readVariables(search),
  });
  const isSearching =
    networkStatus === NetworkStatus.setVariables || (networkStatus === NetworkStatus.loading && !data);
  const isFetchingMore = networkStatus === NetworkStatus.fetchMore;
  const isRetrying = networkStatus === NetworkStatus.refetch;
  // While the next search runs, what was found before stays: no jump, and the words below say what goes on.
  const books = (data ?? (isSearching ? previousData : undefined))?.books;
  const listRef = useRef<HTMLUListElement>(null);
  const focusAt = useFocusOnAdded(listRef, books?.nodes.length ?? 0);

  const [hasMoreFailed, setHasMoreFailed] = useState(false);

  const retry = () => void refetch();
  const showMore = () => {
    focusAt(books?.nodes.length ?? 0);
    setHasMoreFailed(false);
    const failed = () => {
      focusAt(null);
      setHasMoreFailed(true);
    };
    fetchMore({ variables: { after: books?.pageInfo.endCursor ?? null } }).then((more) => {
      if (!more.data?.books) failed();
    }, failed);
  };
  const missing = (['authors', 'rating', 'stock'] as const).filter((part) => isMissing(error, part));

  return (
    <>
      <PageHeading text="Books" className="sr-only" />
      <SearchForm search={search} genres={genres} />
      <p className="result-count" role="status">
        {summary(isSearching, books?.nodes.length, books?.totalCount ?? null)}
      </p>
      {books && missing.length > 0 && (
        <PartialNotice onRetry={retry} isBusy={isRetrying}>
          The {new Intl.ListFormat('en').format(missing.map((part) => partNames[part]))} can’t be shown right now. The
          rest of the list is complete.
        </PartialNotice>
      )}
      {!books && !isSearching && (
        <FailurePanel title="The books can’t be shown right now" onRetry={retry} isBusy={isRetrying}>
          {explain(error)}
        </FailurePanel>
      )}
      {!books && isSearching && (
        <ul className="shelf" aria-hidden="true">
          {Array.from({ length: 12 }, (_, at) => (
            <BookCardSkeleton key={at} />
          ))}
        </ul>
      )}
      {books?.nodes.length === 0 && !isSearching && (
        <div className="failure">
          <h2>No book fits this search</h2>
          <p>Try fewer letters of the title, or leave the author or the genre out.</p>
          <p>
            <Link href="/" className="button">
              See all books
            </Link>
          </p>
        </div>
      )}
      {books && books.nodes.length > 0 && (
        <ul className="shelf" ref={listRef} aria-busy={isSearching}>
          {books.nodes.map((book) => (
            <BookCard key={book.id} book={book} isStockMissing={isMissing(error, 'stock')} />
          ))}
        </ul>
      )}
      {books?.pageInfo.hasNextPage === true && (
        <div className="more">
          {hasMoreFailed && <p role="alert">More books can’t be fetched right now. Try again in a moment.</p>}
          <button type="button" onClick={isFetchingMore ? undefined : showMore} aria-disabled={isFetchingMore}>
            {isFetchingMore ? 'Fetching more books …' : 'Show more books'}
          </button>
        </div>
      )}
    </>
  );
}

function summary(isSearching: boolean, shown: number | undefined, total: number | null): string {
  if (isSearching) return 'Looking for books …';
  if (shown === undefined) return '';
  if (total === null || shown >= total) return count(shown, 'book', 'books');
  return `${shown} of ${count(total, 'book', 'books')}`;
}

/** After "Show more", the focus goes to the first book that was added. */
function useFocusOnAdded(list: RefObject<HTMLUListElement | null>, length: number): (at: number | null) => void {
  const wanted = useRef<number | null>(null);
  useEffect(() => {
    if (wanted.current === null || length <= wanted.current) return;
    list.current?.children[wanted.current]?.querySelector('a')?.focus();
    wanted.current = null;
  }, [list, length]);
  return (at) => {
    wanted.current = at;
  };
}
