/** The body of a request to /graphql: JSON, with refusals of our own. */
import type { ErrorCode } from '../../errors/catalogue.ts';
import { refuse } from './admit-request.ts';
import { isNestedTooDeep, MOST_LEVELS } from './json-depth.ts';
import type { KeyedRequest } from './operation-key.ts';

/** Why a request is not even shown to Apollo Server. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code?: ErrorCode;
}

export type GraphqlBody = { readonly kind: 'read'; readonly value: unknown } | ({ readonly kind: 'refused' } & Refusal);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Undefined is the value of a GET, which has no body. */
export function readGraphqlBody({ method, body }: Pick<KeyedRequest, 'method' | 'body'>): GraphqlBody {
  if (method === 'GET') return { kind: 'read', value: undefined };
  if (body === undefined) return { kind: 'refused', status: 400, message: 'The body is empty' };
  if (isNestedTooDeep(body)) {
    return refuse('REQUEST_TOO_COMPLEX', `The body is nested deeper than ${MOST_LEVELS} levels`);
  }
  try {
    return { kind: 'read', value: JSON.parse(utf8.decode(body)) as unknown };
  } catch (error) {
    const message = error instanceof SyntaxError ? 'The body is not valid JSON' : 'The body is not valid UTF-8';
    return { kind: 'refused', status: 400, message };
  }
}
