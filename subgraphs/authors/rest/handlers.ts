/** The operations of schema/services/authors.openapi.yaml: from requests to the domain and back, no rules of their own. */
import { checkPrecondition, readIfMatch } from '../../chassis/conditional.ts';
import type { OperationHandler, OperationReply, OperationRequest } from '../../chassis/create-service.ts';
import { buildPage, pageLinks } from '../../chassis/page.ts';
import { notFound } from '../../chassis/problem.ts';
import { changeAuthor, checkDetails, type Author, type AuthorDetails } from '../domain/author.ts';
import type { AuthorFilter, AuthorsStore } from '../store/authors-store.ts';
import { cursorOf, readPlace } from './place.ts';
import { withProblems } from './problems.ts';
import { replyAuthor, replyList } from './representation.ts';

/** As the contract lets it in: what an author is not said to have is null. */
type AuthorBody = Partial<AuthorDetails> & Pick<AuthorDetails, 'lastName'>;

export function buildHandlers(store: AuthorsStore, now: () => Date): Record<string, OperationHandler> {
  const write = (request: OperationRequest, change: Partial<AuthorDetails>): Promise<OperationReply> =>
    withProblems(async () => {
      const id = request.params['id']!;
      const precondition = readIfMatch(request.headers['if-match']);
      const changed = await store.change(id, (current) => {
        checkPrecondition(precondition, current.version);
        return changeAuthor(current, change, now());
      });
      return replyAuthor(200, changed ?? noAuthor(id), request.mediaType);
    });

  return {
    listAuthors: async ({ query, path, mediaType }) => {
      const { ids } = query as AuthorFilter;
      const after = query['after'] as string | undefined;
      // Who asks by id wants all of them in one answer.
      const first = Math.max(query['first'] as number, ids?.length ?? 0);
      const found = await store.list(query, first, readPlace(after));
      const list = buildPage({ ...found, first, after, cursorOf, itemOf: (author: Author) => author });
      return replyList(list, mediaType, ids === undefined ? { link: pageLinks(path, query, list.page) } : {});
    },

    addAuthor: ({ body, mediaType }) =>
      withProblems(async () => {
        const author = await store.add(checkDetails(readDetails(body), now()));
        return replyAuthor(201, author, mediaType, { location: `/v1/authors/${author.id}` });
      }),

    getAuthor: async ({ params, mediaType }) => {
      const id = params['id']!;
      return replyAuthor(200, (await store.find(id)) ?? noAuthor(id), mediaType);
    },

    replaceAuthor: (request) => write(request, readDetails(request.body)),
    patchAuthor: (request) => write(request, request.body as Partial<AuthorDetails>),
  };
}

function readDetails(body: unknown): AuthorDetails {
  const { firstName = null, lastName, birthYear = null, deathYear = null } = body as AuthorBody;
  return { firstName, lastName, birthYear, deathYear };
}

function noAuthor(id: string): never {
  throw notFound(`There is no author "${id}"`);
}
