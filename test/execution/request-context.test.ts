// What a client request hands to every call below it.
import { expect, test } from 'vitest';
import { createRequestContext } from '../../gateway/execution/request-context.ts';

const callOf = (headers: Record<string, string>) =>
  createRequestContext({
    face: 'graphql',
    headers,
    requestId: 'r-1',
    signal: new AbortController().signal,
    deadlineAt: 1,
  }).call;

test.each([
  ['1', 1],
  ['12', 12],
  ['0', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['many', undefined],
  ['', undefined],
])('X-Retry-Attempt: %s is attempt %s for the calls below (upstream.md, section 7, rule 10)', (value, attempt) => {
  expect(callOf({ 'X-Retry-Attempt': value }).retryAttempt).toBe(attempt);
});

test('without the header it is no repeated request', () => {
  expect(callOf({})).not.toHaveProperty('retryAttempt');
});
