/** What the drafts of all fields share: the resources, the selections, the names and addresses already taken, and what was left out. */
import type { GraphQLSchema } from 'graphql';
import { DraftSelections } from './draft-selection.ts';
import { findResources, type Resource } from './resources.ts';

/** Addresses that the facade answers itself, below its base path. */
const ownPaths = ['/openapi.json', '/openapi.yaml', '/docs', '/profile', '/problems/{}', '/l0', '/l1'];

export class DraftContext {
  readonly schema: GraphQLSchema;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly selections: DraftSelections;
  /** Sentences on what no operation covers. */
  readonly notes: string[] = [];
  readonly #names = new Set<string>();
  readonly #routes = new Set<string>();

  constructor(schema: GraphQLSchema) {
    this.schema = schema;
    this.resources = findResources(schema);
    this.selections = new DraftSelections(schema, this.resources);
  }

  /** The name, or the first one with a number behind it that is free. */
  takeName(name: string): string {
    return this.#take(this.#names, name, (text, n) => `${text}${n}`);
  }

  /** The path for a method, or the first one with a number behind it that is free. */
  takeRoute(method: string, path: string): string {
    const erase = (route: string) => `${method} ${route.replaceAll(/\{[^}]*\}/g, '{}')}`;
    const isOwn = (route: string) => ownPaths.includes(erase(route).slice(method.length + 1));
    let route = path;
    for (let n = 2; this.#routes.has(erase(route)) || isOwn(route); n++) route = `${path}-${n}`;
    this.#routes.add(erase(route));
    return route;
  }

  #take(taken: Set<string>, wanted: string, next: (text: string, n: number) => string): string {
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = next(wanted, n);
    taken.add(name);
    return name;
  }
}
