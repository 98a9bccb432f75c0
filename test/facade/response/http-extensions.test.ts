/** `extensions.http` of errors: statuses and headers from logic, by allow-list (facade.md 3.4, step 1). */
import { describe, expect, it } from 'vitest';
import { jsonOf, openShop, toRequest, upstreamError } from '../bookshop.ts';

const path = '/rest/books/madame-bovary';
const httpExtensions = { statuses: [423, 507], headers: ['x-lock', 'retry-after'] };

interface Row {
  readonly name: string;
  readonly allowed?: boolean;
  readonly extensions: Record<string, unknown>;
  readonly status: number;
  readonly headers?: Record<string, string | undefined>;
  readonly body?: object;
}

const rows: readonly Row[] = [
  {
    name: 'a status on the list is that of the answer, with the words of the error',
    extensions: { code: 'LOCKED_BY', http: { status: 423 } },
    status: 423,
    body: { type: 'about:blank', title: 'Locked', code: 'LOCKED_BY', detail: 'Somebody edits it' },
  },
  {
    name: 'a status of 500 and above says nothing of what happened inside',
    extensions: { http: { status: 507 } },
    status: 507,
    body: { title: 'Insufficient Storage', detail: 'Insufficient Storage' },
  },
  {
    name: 'a status that is not on the list is not that of the answer',
    extensions: { http: { status: 418 } },
    status: 502,
  },
  {
    name: 'without a list nothing is allowed',
    allowed: false,
    extensions: { http: { status: 423, headers: { 'x-lock': '1' } } },
    status: 423,
    headers: { 'x-lock': undefined },
    body: { type: '/rest/problems/locked' },
  },
  {
    name: 'a code that is known goes first',
    extensions: { code: 'UPSTREAM_TIMEOUT', http: { status: 423 } },
    status: 504,
  },
  {
    name: 'what a service answered goes first',
    extensions: { code: 'CONNECTOR_FETCH', http: { status: 423 }, upstream: { status: 503, root: true } },
    status: 503,
  },
  {
    name: 'headers on the list are set, others are not',
    extensions: { http: { status: 423, headers: { 'X-Lock': 'emma', 'set-cookie': 'a=b' } } },
    status: 423,
    headers: { 'x-lock': 'emma', 'set-cookie': undefined },
  },
  {
    name: 'a header that would start another one is left out',
    extensions: { http: { status: 423, headers: { 'x-lock': 'a\r\nset-cookie: b' } } },
    status: 423,
    headers: { 'x-lock': undefined, 'set-cookie': undefined },
  },
  {
    name: 'a header that the table sets is not changed',
    extensions: { code: 'CIRCUIT_OPEN', retryAfterMs: 4200, http: { headers: { 'retry-after': '1' } } },
    status: 503,
    headers: { 'retry-after': '5' },
  },
];

describe('extensions.http', () => {
  it.each(rows)('$name', async ({ allowed = true, extensions, status, headers = {}, body }) => {
    const shop = openShop(allowed ? { settings: { httpExtensions } } : {});
    shop.failures.set('Query.book', upstreamError(extensions, 'Somebody edits it'));
    // Not `shop.send`: the API description has statuses from logic only as `default`.
    const answer = await shop.facade.handle(toRequest(path));
    expect(answer.status).toBe(status);
    for (const [name, value] of Object.entries(headers)) expect([name, answer.headers[name]]).toEqual([name, value]);
    if (body !== undefined) expect(jsonOf(answer)).toMatchObject(body);
  });
});
