/** The reviews of a book, five at a time; further ones join the list in the cache. */
import { useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { count, formatDate } from '../format.ts';
import { graphql } from '../graphql.ts';

const moreReviewsQuery = graphql(`
  query MoreReviews($id: ID!, $after: String) {
    book(id: $id) {
      id
      reviews(first: 5, after: $after) {
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

interface Review {
  readonly id: string;
  readonly rating: number | null;
  readonly text: string | null;
  readonly reader: string | null;
  readonly createdAt: string | null;
}

interface ReviewsProps {
  readonly bookId: string;
  readonly reviews: {
    readonly nodes: readonly Review[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly totalCount: number | null;
  } | null;
}

type More = 'idle' | 'loading' | 'failed';

export function Reviews({ bookId, reviews }: ReviewsProps) {
  const client = useApolloClient();
  const [more, setMore] = useState<More>('idle');
  if (reviews === null) return <p className="missing block">Reviews can’t be shown right now.</p>;
  if (reviews.nodes.length === 0) return <p className="faint">Nobody has written about this book yet.</p>;

  const showMore = () => {
    setMore('loading');
    const variables = { id: bookId, after: reviews.pageInfo.endCursor };
    client.query({ query: moreReviewsQuery, variables, fetchPolicy: 'network-only' }).then(
      ({ data }) => setMore(data?.book?.reviews ? 'idle' : 'failed'),
      () => setMore('failed'),
    );
  };

  return (
    <>
      <p className="faint" role="status">
        {reviews.totalCount === null
          ? count(reviews.nodes.length, 'review', 'reviews')
          : `${reviews.nodes.length} of ${count(reviews.totalCount, 'review', 'reviews')}`}
      </p>
      <ul className="review-list">
        {reviews.nodes.map((review) => (
          <li key={review.id}>
            <ReviewItem review={review} />
          </li>
        ))}
      </ul>
      {more === 'failed' && <p role="alert">More reviews can’t be fetched right now. Try again in a moment.</p>}
      {reviews.pageInfo.hasNextPage && (
        <p className="more">
          <button type="button" className="quiet" onClick={more === 'loading' ? undefined : showMore}>
            {more === 'loading' ? 'Fetching more reviews …' : 'Show more reviews'}
          </button>
        </p>
      )}
    </>
  );
}

function ReviewItem({ review }: { readonly review: Review }) {
  const stars = review.rating ?? 0;
  return (
    <article>
      <p className="review-head">
        <span className="star" role="img" aria-label={`${stars} of 5 stars`}>
          {'★'.repeat(stars)}
          <span className="faint">{'★'.repeat(5 - stars)}</span>
        </span>
        <strong>{review.reader ?? 'A reader'}</strong>
        {review.createdAt !== null && <time dateTime={review.createdAt}>{formatDate(review.createdAt)}</time>}
      </p>
      <p className="review-text">{review.text}</p>
    </article>
  );
}
