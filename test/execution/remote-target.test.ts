/** What a subgraph over HTTP is sent, and what is made of its answer. */
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { createRemoteTarget } from '../../gateway/execution/remote-target.ts';
import { createRequestContext } from '../../gateway/execution/request-context.ts';
import type { UpstreamRequest, UpstreamResponse } from '../../gateway/upstream/index.ts';

const context = createRequestContext({
  face: 'graphql',
  headers: { authorization: 'Bearer a' },
  requestId: 'test',
  signal: new AbortController().signal,
  deadlineAt: Number.POSITIVE_INFINITY,
});

function targetOf(response: Pick<UpstreamResponse, 'body' | 'isShared'>) {
  const sent: UpstreamRequest[] = [];
  const target = createRemoteTarget({
    name: 'far',
    url: 'http://far.test/graphql',
    callUpstream: async (request) => {
      sent.push(request);
      return { status: 200, headers: {}, ...response };
    },
  });
  return { sent, target };
}

const operationOf = (text: string, name?: string) => ({ text, name, document: parse(text) });

it('sends query, variables and name as one body, and says whether it only reads', async () => {
  const { sent, target } = targetOf({ body: { kind: 'json', value: { data: {} } } });
  const query = operationOf('query Q($by: [ID!]) { a(by: $by, text: "\\"") }', 'Q');
  await target(query, { by: [1n, 'x'] }, context);
  await target.sendText!(operationOf('mutation { a }'), '{"x":1}', context);
  expect(sent.map(({ body }) => body)).toEqual([
    `{"query":${JSON.stringify(query.text)},"variables":{"by":[1,"x"]},"operationName":"Q"}`,
    '{"query":"mutation { a }","variables":{"x":1}}',
  ]);
  expect(sent.map(({ isQuery, idempotent }) => [isQuery, idempotent])).toEqual([
    [true, true],
    [false, false],
  ]);
  // Nothing of the client goes to a subgraph, so its answer cannot depend on who asks.
  for (const { headers } of sent) expect(Object.keys(headers).sort()).toEqual(['accept', 'content-type']);
});

it('an answer that others hold too comes as it is, and says so', async () => {
  const data = { books: [{ id: '1', tags: ['a'] }, null] };
  const { target } = targetOf({ body: { kind: 'json', value: { data } }, isShared: true });
  const answer = await target(operationOf('{ books { id } }'), {}, context);
  expect(answer.data).toBe(data);
  expect(answer.isShared).toBe(true);
});
