/** The requests of one step: how a client of each column says the same thing. */
import { createHash } from 'node:crypto';
import type { Json } from '../facade/index.ts';
import type { ClientRequest } from './exchange.ts';
import { expandLink } from './expand-link.ts';
import { applyMapping, fillText, fillValue, UseCaseError, type Scope } from './template.ts';
import type { Column } from './columns.ts';
import type { ActionStep, LinkStep, QueryStep, ResourceStep, Step, VerbStep } from './use-case.ts';

export interface Places {
  /** Base path of the REST side, such as `/rest`. */
  readonly rest: string;
  readonly graphql: string;
}

/** What a step asks for: requests to send, or an answer that is already there, embedded in another one. */
export type Asked = { readonly requests: readonly ClientRequest[] } | { readonly embedded: Json };

const json = { 'content-type': 'application/json' };
const post = (path: string, body: object): ClientRequest => ({
  method: 'POST',
  path,
  headers: { accept: 'application/json', ...json },
  body: JSON.stringify(body),
});

export function buildRequests(column: Column, step: Step, scope: Scope, places: Places): Asked {
  switch (column) {
    case 'L0': {
      const { action, params = {} } = step as ActionStep;
      return { requests: [post(`${places.rest}/l0`, { action, params: fillValue(params, scope) })] };
    }
    case 'L1': {
      const { resource, action, params = {} } = step as ResourceStep;
      const path = fillText(resource, scope, encodeURIComponent);
      return { requests: [post(`${places.rest}/l1${path}`, { action, params: fillValue(params, scope) })] };
    }
    case 'L2':
      return { requests: [verbRequest(step as VerbStep, scope, places)] };
    case 'L3':
      return linkRequests(step as LinkStep, scope, places);
    case 'POST': {
      const { query, variables = {} } = step as QueryStep;
      return { requests: [post(places.graphql, { query, variables: fillValue(variables, scope) })] };
    }
    case 'GET':
      return { requests: [storedQuery(step as QueryStep, scope, places)] };
  }
}

const verbs = ['get', 'post', 'put', 'patch', 'delete'] as const;

function verbRequest(step: VerbStep, scope: Scope, { rest }: Places): ClientRequest {
  const verb = verbs.find((name) => step[name] !== undefined)!;
  const path = rest + fillText(step[verb]!, scope, encodeURIComponent);
  return withBody({ method: verb.toUpperCase(), path, headers: { accept: 'application/json' } }, step, scope);
}

function withBody(request: ClientRequest, step: VerbStep | LinkStep, scope: Scope): ClientRequest {
  const own = Object.entries(step.headers ?? {}).map(([name, value]) => [name.toLowerCase(), fillText(value, scope)]);
  const type = request.method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : json;
  const headers = { ...request.headers, ...(step.body === undefined ? {} : type), ...Object.fromEntries(own) };
  return step.body === undefined
    ? { ...request, headers }
    : { ...request, headers, body: JSON.stringify(fillValue(step.body, scope)) };
}

interface Link {
  readonly href: string;
  readonly name?: string;
}

function linkRequests(step: LinkStep, scope: Scope, { rest }: Places): Asked {
  const accept = { accept: 'application/hal+json' };
  if (step.follow === 'entry') return { requests: [{ method: 'GET', path: rest, headers: accept }] };
  // A step for each: the item is the representation whose link is followed.
  const source = step.from === undefined ? (scope['item'] ?? scope['last']) : applyMapping(step.from, scope);
  const method = step.method ?? 'GET';
  const embedded = memberOf(memberOf(source, '_embedded'), step.follow);
  if (embedded !== undefined && method === 'GET' && step.named === undefined) return { embedded };
  const found = memberOf(memberOf(source, '_links'), step.follow);
  const links = (Array.isArray(found) ? found : found === undefined ? [] : [found]) as unknown as readonly Link[];
  const meant = step.named === undefined ? links : links.filter(({ name }) => name === step.named);
  if (meant.length === 0) throw new UseCaseError(`There is no link "${step.follow}" here`);
  const params = fillValue(step.params ?? {}, scope) as Record<string, Json>;
  return {
    requests: meant.map(({ href }) =>
      withBody({ method, path: expandLink(href, params), headers: accept }, step, scope),
    ),
  };
}

const memberOf = (value: Json | undefined, name: string): Json | undefined =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && Object.hasOwn(value, name)
    ? value[name]
    : undefined;

/** A query by its hash (automatic persisted queries); GET cannot write, so mutations stay a POST. */
function storedQuery({ query, variables = {} }: QueryStep, scope: Scope, { graphql }: Places): ClientRequest {
  const filled = fillValue(variables, scope);
  if (/^\s*mutation\b/m.test(query)) return post(graphql, { query, variables: filled });
  const parameters = new URLSearchParams({
    variables: JSON.stringify(filled),
    extensions: JSON.stringify({ persistedQuery: { version: 1, sha256Hash: hashOf(query) } }),
  });
  return {
    method: 'GET',
    path: `${graphql}?${parameters.toString()}`,
    headers: { accept: 'application/json', 'apollo-require-preflight': 'true' },
  };
}

/** Sent once before the measurement: a client that is out in the world has stored its queries. */
export const storeQuery = ({ query, variables = {} }: QueryStep, scope: Scope, { graphql }: Places): ClientRequest =>
  post(graphql, {
    query,
    variables: fillValue(variables, scope),
    extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(query) } },
  });

const hashOf = (query: string): string => createHash('sha256').update(query).digest('hex');
