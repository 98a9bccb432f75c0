import { describe, expect, it } from 'vitest';
import { draftStatus } from '../../../gateway/server/graphql/draft-status.ts';

const response = 'application/graphql-response+json; charset=utf-8';
const json = 'application/json; charset=utf-8';
const failed = (code: string, data?: unknown) => ({
  ...(data === undefined ? {} : { data }),
  errors: [{ message: 'x', extensions: { code } }],
});

interface Row {
  readonly why: string;
  readonly method?: string;
  readonly status: number;
  readonly type?: string;
  readonly body: unknown;
  readonly expected: number;
}

const rows: readonly Row[] = [
  { why: 'data without errors', status: 200, body: { data: { a: 1 } }, expected: 200 },
  { why: 'data without errors, by GET', method: 'GET', status: 200, body: { data: { a: 1 } }, expected: 200 },
  { why: 'data with an empty list of errors', status: 200, body: { data: {}, errors: [] }, expected: 200 },
  { why: 'data and errors', status: 200, body: failed('UPSTREAM_TIMEOUT', { a: null }), expected: 294 },
  { why: 'data and errors, by GET', method: 'GET', status: 200, body: failed('X', { a: 1 }), expected: 294 },
  { why: 'no data left of what was executed', status: 200, body: failed('X', null), expected: 294 },
  {
    why: 'errors of something that was not executed',
    status: 200,
    body: failed('PERSISTED_QUERY_NOT_FOUND'),
    expected: 200,
  },
  { why: 'a document that does not parse', status: 400, body: failed('GRAPHQL_PARSE_FAILED'), expected: 400 },
  { why: 'a document that is not valid', status: 400, body: failed('GRAPHQL_VALIDATION_FAILED'), expected: 422 },
  { why: 'an operation that cannot be told', status: 400, body: failed('OPERATION_RESOLUTION_FAILURE'), expected: 422 },
  { why: 'variables that do not fit', status: 400, body: failed('BAD_USER_INPUT'), expected: 422 },
  { why: 'a request that is none', status: 400, body: failed('BAD_REQUEST'), expected: 422 },
  { why: 'a forged request by GET', method: 'GET', status: 400, body: failed('BAD_REQUEST'), expected: 400 },
  { why: 'a request that is too large', status: 400, body: failed('REQUEST_TOO_COMPLEX'), expected: 400 },
  { why: 'a mutation by GET', method: 'GET', status: 405, body: failed('BAD_REQUEST'), expected: 405 },
  { why: 'nothing acceptable', status: 406, body: failed('BAD_REQUEST'), expected: 406 },
  { why: 'no log-in', status: 401, body: failed('UNAUTHENTICATED', null), expected: 401 },
  { why: 'not allowed', status: 403, body: failed('FORBIDDEN', null), expected: 403 },
  { why: 'overload', status: 503, body: failed('OVERLOADED'), expected: 503 },
  { why: 'a fault of the gateway', status: 500, body: failed('INTERNAL_SERVER_ERROR'), expected: 500 },
];

describe('the statuses of draft-2026', () => {
  it.each(rows)('$why: $expected', ({ method = 'POST', status, type = response, body, expected }) => {
    expect(draftStatus({ method, status, contentType: type, body: JSON.stringify(body) })).toBe(expected);
  });

  it.each(rows)('$why: as in classic under application/json', ({ method = 'POST', status, body }) => {
    expect(draftStatus({ method, status, contentType: json, body: JSON.stringify(body) })).toBe(status);
  });

  it('leaves an answer without a type alone', () => {
    expect(draftStatus({ method: 'GET', status: 200, contentType: undefined, body: '' })).toBe(200);
  });
});
