// A REST service that cuts one list in each of the four ways, with a limit of its own, and a subgraph over it.
import { head, loadSubgraph, RestServer, type Answer } from '../../harness.ts';

export type Style = 'page' | 'offset' | 'cursor' | 'link';

export interface ServiceHabits {
  readonly count: number;
  /** It never gives more in one call. */
  readonly most?: number;
  /** It gives as many, whatever it is asked for. */
  readonly fixed?: number;
  /** Pages by token begin with empty ones. */
  readonly emptyPages?: number;
}

const requests = {
  page: 'page: $args.after per_page: $args.first',
  offset: 'offset: $args.after limit: $args.first',
  cursor: 'token: $args.after size: $args.first',
  link: 'page: $args.after per_page: $args.first',
};

const pageArguments = { page: '', offset: '', cursor: 'next: "$.next"', link: 'param: "page"' };

export function answerPage(style: Style, habits: ServiceHabits, { searchParams }: URL): Answer {
  const { count, most = 50, fixed, emptyPages = 0 } = habits;
  const number = (name: string, fallback: number): number => Number(searchParams.get(name) ?? fallback);
  const asked = number(style === 'offset' ? 'limit' : style === 'cursor' ? 'size' : 'per_page', 10);
  const size = fixed ?? Math.min(asked, most);
  const items = Array.from({ length: count }, (_, id) => ({ id, name: `n${id}` }));
  if (style === 'offset') {
    const start = number('offset', 0);
    return { body: { items: items.slice(start, start + size), total: count } };
  }
  if (style === 'cursor') {
    const token = searchParams.get('token') ?? `e${emptyPages}`;
    const empty = token.startsWith('e') ? Number(token.slice(1)) : 0;
    if (empty > 0) return { body: { items: [], next: `e${empty - 1}`, total: count } };
    const start = token.startsWith('t') ? Number(token.slice(1)) : 0;
    const end = start + size;
    return { body: { items: items.slice(start, end), next: end < count ? `t${end}` : '', total: count } };
  }
  const page = number('page', 1);
  const start = (page - 1) * size;
  const link = `<http://elsewhere.example/items?per_page=${size}&page=${page + 1}>; rel="next", </items>; rel="first"`;
  const headers = style === 'link' && start + size < count ? { link } : {};
  return {
    headers: headers as Record<string, string>,
    body: { items: items.slice(start, start + size), total: count },
  };
}

export interface PagedOptions {
  /** More arguments of `@tributaryPage`. */
  readonly more?: string;
  /** More of the selection. */
  readonly selects?: string;
  readonly args?: string;
}

export const pagedSdl = (style: Style, { more = '', selects = '', args = '' }: PagedOptions = {}): string => `${head()}
  type Query { items(first: Int, after: String ${args}): ItemConnection
    @connect(source: "a", http: { GET: "/items", queryParams: "${requests[style]}" },
      selection: "nodes: items { id name } ${selects}")
    @tributaryPage(style: "${style}" ${pageArguments[style]} ${more}) }
  type ItemConnection { nodes: [Item] edges: [ItemEdge] pageInfo: PageInfo! ${selects === '' ? '' : 'totalCount: Int'} }
  type ItemEdge { cursor: String! node: Item }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type Item { id: ID name: String }`;

export async function startPaged(style: Style, habits: ServiceHabits, options: PagedOptions = {}) {
  const server = await RestServer.start((_request, url) => answerPage(style, habits, url));
  return { server, ...loadSubgraph(pagedSdl(style, options), server.origin) };
}

export interface ConnectionData {
  readonly nodes: readonly { readonly id: string }[];
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount?: number | null;
}

export const wholeConnection =
  'nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
