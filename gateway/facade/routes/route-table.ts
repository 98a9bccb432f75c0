/**
 * The route table: a trie of path segments (facade.md, section 10). It knows whether a path exists apart from which
 * methods it has, so 404 and 405 are exact, and `Allow` lists what is there (P1, P2).
 */
import { decodeText } from './query-string.ts';
import type { HttpMethod, Route } from './route.ts';

type Placed = Pick<Route, 'method' | 'segments'>;

interface Node<Entry> {
  readonly literals: Map<string, Node<Entry>>;
  parameter?: Node<Entry>;
  readonly routes: Map<HttpMethod, Entry>;
}

/** A path that exists: its routes by method, and the raw texts of its parameters in order. */
export interface PathMatch<Entry extends Placed = Route> {
  readonly routes: ReadonlyMap<HttpMethod, Entry>;
  readonly parameters: readonly string[];
}

const createNode = <Entry>(): Node<Entry> => ({ literals: new Map(), routes: new Map() });

export class RouteTable<Entry extends Placed = Route> {
  readonly #root = createNode<Entry>();

  /** Adds a route under a prefix such as `/v2`, or the empty string. */
  add(prefix: string, route: Entry): void {
    let node = this.#root;
    const literal = (text: string) => {
      const key = decodeText(text) ?? text;
      const next = node.literals.get(key) ?? createNode<Entry>();
      node.literals.set(key, next);
      node = next;
    };
    for (const text of prefix.split('/').slice(1)) literal(text);
    for (const segment of route.segments) {
      if (segment.kind === 'literal') literal(segment.text);
      else node = node.parameter ??= createNode<Entry>();
    }
    node.routes.set(route.method, route);
  }

  /** Finds a raw path; plain segments win over parameters, with a way back when they lead nowhere. */
  match(path: string): PathMatch<Entry> | undefined {
    return walk(this.#root, path.split('/').slice(1), 0, []);
  }
}

function walk<Entry extends Placed>(
  node: Node<Entry>,
  segments: readonly string[],
  at: number,
  parameters: readonly string[],
): PathMatch<Entry> | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.routes.size > 0 ? { routes: node.routes, parameters } : undefined;
  const literal = node.literals.get(decodeText(segment) ?? segment);
  const found = literal && walk(literal, segments, at + 1, parameters);
  if (found || !node.parameter || segment === '') return found;
  return walk(node.parameter, segments, at + 1, [...parameters, segment]);
}

/** The methods of a path for `Allow`: HEAD comes with GET, OPTIONS with everything. */
export function allowedMethods(routes: ReadonlyMap<HttpMethod, unknown>): string[] {
  const order = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  const methods = new Set<string>([...routes.keys(), 'OPTIONS']);
  if (methods.has('GET')) methods.add('HEAD');
  return order.filter((method) => methods.has(method));
}
