/** The operations of schema/services/catalog.openapi.yaml: from requests to the domain and back, no rules of their own. */
import { checkPrecondition, entityTag, readIfMatch } from '../../chassis/conditional.ts';
import type { OperationHandler, OperationReply, OperationRequest } from '../../chassis/create-service.ts';
import { buildPage, pageLinks } from '../../chassis/page.ts';
import { notFound } from '../../chassis/problem.ts';
import { changeBook, writeBook, type Book, type BookInput } from '../domain/book.ts';
import type { BookFilter, BookOrder } from '../store/book-list.ts';
import type { CatalogStore } from '../store/catalog-store.ts';
import { readCursor, writeCursor } from './place.ts';
import { withProblems } from './problems.ts';
import { describeV1 } from './v1-lifecycle.ts';
import { v1 } from './v1.ts';
import { readPatch, v2 } from './v2.ts';
import type { ApiVersion } from './version.ts';

interface Options {
  readonly store: CatalogStore;
  readonly now: () => Date;
}

export function buildHandlers(options: Options): Record<string, OperationHandler> {
  const [second, first] = [buildVersion(v2, options), buildVersion(v1, options)];
  return {
    listBooks: second.list,
    addBook: second.add,
    getBook: second.get,
    replaceBook: second.replace,
    patchBook: second.change((body) => readPatch(body)),
    deleteBook: second.remove,
    listBooksV1: first.list,
    addBookV1: first.add,
    getBookV1: first.get,
    replaceBookV1: first.replace,
    deleteBookV1: first.remove,
    describeV1,
  };
}

function buildVersion(version: ApiVersion, { store, now }: Options) {
  const reply = (status: number, book: Book, headers: Record<string, string> = {}): OperationReply => ({
    status,
    headers: { etag: entityTag(book.version), ...headers },
    body: version.toBody(book),
  });

  /** PUT and PATCH differ only in what they make of their bodies. */
  const change =
    (readChange: (body: unknown, current: Book) => Partial<BookInput>): OperationHandler =>
    ({ params, body, headers }) =>
      withProblems(version, async () => {
        const precondition = readIfMatch(headers['if-match']);
        const changed = await store.change(params['id']!, (current) => {
          checkPrecondition(precondition, current.version);
          return changeBook(current, readChange(body, current), now());
        });
        return reply(200, changed ?? noBook(params['id']!));
      });

  const handlers = {
    list: async ({ query, path }) => {
      const { filter, order, first, after } = readListQuery(query);
      const { rows, total } = await store.list({ filter, order, first, after: readCursor(order, after) });
      const list = buildPage({
        rows,
        first,
        after,
        total,
        cursorOf: ({ place }) => writeCursor(order, place),
        itemOf: ({ book }) => version.toBody(book),
      });
      return { status: 200, headers: { link: pageLinks(path, query, list.page) }, body: list };
    },

    add: ({ body }) =>
      withProblems(version, async () => {
        const book = await store.add(writeBook(version.readBook(body), now()));
        return reply(201, book, { location: `${version.root}/${book.id}` });
      }),

    get: async ({ params }) => reply(200, (await store.find(params['id']!)) ?? noBook(params['id']!)),

    replace: change((body, current) => version.readBook(body, current)),

    remove: async ({ params, headers }) => {
      const precondition = readIfMatch(headers['if-match']);
      const isGone = await store.remove(params['id']!, ({ version: current }) => {
        checkPrecondition(precondition, current);
      });
      return isGone ? { status: 204 } : noBook(params['id']!);
    },
  } satisfies Record<string, OperationHandler>;
  return { ...handlers, change };
}

/** Books asked for by id are all in one answer, whatever the size of a page. */
function readListQuery(query: OperationRequest['query']) {
  const { sort, first, after, ...conditions } = query;
  const filter = conditions as BookFilter;
  return {
    filter,
    order: sort as BookOrder,
    first: Math.max(first as number, filter.ids?.length ?? 0),
    after: after as string | undefined,
  };
}

function noBook(id: string): never {
  throw notFound(`There is no book "${id}"`);
}
