/** The operations of schema/services/reviews.openapi.yaml: from requests to the domain and back, no rules of their own. */
import { checkPrecondition, entityTag, readIfMatch } from '../../chassis/conditional.ts';
import type { OperationHandler, OperationReply, OperationRequest } from '../../chassis/create-service.ts';
import { buildPage, pageLinks, type PagedList } from '../../chassis/page.ts';
import { notFound, ProblemError } from '../../chassis/problem.ts';
import { changeReview, checkReader, writeReview, type Review } from '../domain/review.ts';
import type { ReviewRows, ReviewsStore } from '../store/reviews-store.ts';
import { cursorOf, readPlace } from './place.ts';
import { readReader, withProblems } from './problems.ts';

interface ReviewChange {
  readonly rating?: number;
  readonly text?: string;
}

export function buildHandlers(options: {
  readonly store: ReviewsStore;
  readonly now: () => Date;
  readonly newId: () => string;
}): Record<string, OperationHandler> {
  const { store, now, newId } = options;

  /** PUT and PATCH differ in what their bodies must hold, and the contract sees to that. */
  const change: OperationHandler = ({ params, body, headers }) =>
    withProblems(async () => {
      const reader = readReader(headers);
      const precondition = readIfMatch(headers['if-match']);
      const changed = await store.change(params['id']!, (current) => {
        checkReader(current, reader);
        checkPrecondition(precondition, current.version);
        return changeReview(current, { ...(body as ReviewChange), reader, now: now() });
      });
      return replyReview(200, changed ?? noReview(params['id']!));
    });

  return {
    listReviews: async ({ query, path }) => {
      const { first, after } = readPaging(query);
      const found = await store.list(query, first, readPlace(after));
      const list = buildList(found, first, after);
      return { status: 200, headers: { link: pageLinks(path, query, list.page) }, body: list };
    },

    addReview: ({ body, headers }) =>
      withProblems(async () => {
        const reader = readReader(headers);
        const input = body as { bookId: string; rating: number; text: string };
        const review = writeReview({ id: newId(), ...input, reader, now: now() });
        const existing = await store.add(review);
        if (existing !== undefined) throw alreadyReviewed(existing);
        return replyReview(201, review, { location: `/v1/reviews/${review.id}` });
      }),

    getReview: async ({ params }) => replyReview(200, (await store.find(params['id']!)) ?? noReview(params['id']!)),

    replaceReview: change,
    patchReview: change,

    deleteReview: ({ params, headers }) =>
      withProblems(async () => {
        const reader = readReader(headers);
        const precondition = readIfMatch(headers['if-match']);
        const isGone = await store.remove(params['id']!, (current) => {
          checkReader(current, reader);
          checkPrecondition(precondition, current.version);
        });
        return isGone ? { status: 204 } : noReview(params['id']!);
      }),

    listBookReviews: async ({ params, query, path }) => {
      const { first, after } = readPaging(query);
      const [found] = await store.listOfBooks([params['id']!], first, readPlace(after));
      const { bookId, rating } = found!;
      const list = buildList(found!, first, after);
      return {
        status: 200,
        headers: { link: pageLinks(path, query, list.page) },
        body: { bookId, rating, ...list },
      };
    },

    listReviewsOfBooks: async ({ query }) => {
      const { first, after } = readPaging(query);
      const found = await store.listOfBooks(query['bookIds'] as string[], first, readPlace(after));
      const items = found.map(({ bookId, rating, ...rows }) => ({ bookId, rating, ...buildList(rows, first, after) }));
      return { status: 200, body: { items } };
    },
  };
}

const readPaging = (query: OperationRequest['query']): { first: number; after: string | undefined } => ({
  first: query['first'] as number,
  after: query['after'] as string | undefined,
});

const buildList = ({ rows, total }: ReviewRows, first: number, after: string | undefined): PagedList<Review> =>
  buildPage({ rows, first, after, total, cursorOf, itemOf: (review) => review });

const replyReview = (status: number, review: Review, headers: Record<string, string> = {}): OperationReply => ({
  status,
  headers: { etag: entityTag(review.version), ...headers },
  body: review,
});

function noReview(id: string): never {
  throw notFound(`There is no review "${id}"`);
}

const alreadyReviewed = (id: string): ProblemError =>
  new ProblemError(409, 'already-reviewed', 'Already reviewed', {
    detail: 'This reader has reviewed this book: change that review instead',
    extensions: { existing: { id } },
  });
