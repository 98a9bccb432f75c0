/** What an importer has found out of one operation: the route it becomes, or why it becomes none. */
import {
  Kind,
  print,
  type DirectiveNode,
  type OperationDefinitionNode,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';
import { pascalCase } from '../drafts/names.ts';

export interface RoutePlan {
  readonly kind: 'route';
  readonly name: string;
  /** Such as `@http(method: GET, route: "/books")`, and what else the operation gets. */
  readonly directives: readonly string[];
  /** Directives by the name of the variable they are put behind. */
  readonly variables: ReadonlyMap<string, string>;
  /** What the other product wrote and this one does not. */
  readonly removed: readonly DirectiveNode[];
}

export interface LeftPlan {
  readonly kind: 'left';
  readonly reason: string;
}

export type Plan = RoutePlan | LeftPlan;

export const left = (reason: string): LeftPlan => ({ kind: 'left', reason });

const methods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Why an operation cannot be bound to a method; undefined where it can. */
export function refuseMethod(method: string, { operation, selectionSet }: OperationDefinitionNode): string | undefined {
  if (method === 'HEAD' || method === 'OPTIONS') return `every route has ${method} by itself`;
  if (!methods.has(method)) return `"${method}" is no method of a route`;
  if (operation === 'subscription') return 'a subscription has no route';
  if (method === 'GET' && operation === 'mutation') return 'a GET must be safe, and this is a mutation';
  if (method !== 'GET' && method !== 'POST' && operation === 'query') return `${method} writes, and this is a query`;
  if (selectionSet.selections.length > 1) return 'it has more than one root field: start from one, and walk the graph';
  return undefined;
}

/** A path as a template: a slash in front and none behind, holes as `{name}`. */
export const routeOf = (path: string, toHole: (segment: string) => string | undefined): string =>
  `/${path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => toHole(segment) ?? segment)
    .join('/')}`;

/** A name for an operation that has none: `GetBooksById` for `GET /books/{id}`. */
export function nameOf(method: string, route: string): string {
  const verb = method === 'POST' ? 'Post' : method.charAt(0) + method.slice(1).toLowerCase();
  const words = route
    .split('/')
    .map((segment) => segment.replace(/^\{(\w+).*\}$/, 'by_$1').replaceAll(/[^A-Za-z0-9]+/g, '_'));
  return `${verb}${words.map(pascalCase).join('')}`;
}

export const variablesOf = (node: OperationDefinitionNode): readonly VariableDefinitionNode[] =>
  node.variableDefinitions ?? [];

/** The arguments of a directive, by name. */
export const argumentsOf = ({ arguments: list }: DirectiveNode): Map<string, ValueNode> =>
  new Map((list ?? []).map(({ name, value }) => [name.value, value]));

export const textOf = (value: ValueNode | undefined): string | undefined =>
  value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;

/** A value as it is written. */
export const printValue = (value: ValueNode | undefined): string | undefined => value && print(value);
