/** Equal queries in flight are executed once; two identities never share; nobody loses by another's leaving. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHeldGraph, type HeldGraph } from './held-graph.ts';

const engines = ['apollo', 'tributary'] as const;

/** A request sent after others on sockets of their own, and answered: the gateway has read those before. */
const settle = async ({ ask }: HeldGraph): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await ask('{ __typename }');
};

describe.each(engines)('with engine %s', (engine) => {
  let graph: HeldGraph;
  beforeAll(async () => {
    graph = await startHeldGraph({ engine, sharing: true });
  });
  afterAll(() => graph?.close());
  beforeEach(() => graph.forget());

  it('equal queries in flight are executed once, and each answer has its own request id', async () => {
    const asked = ['a', 'b', 'c'].map((id) => graph.ask('{ near }', { headers: { 'x-request-id': id } }));
    await graph.arrived(1);
    await settle(graph);
    expect(graph.calls).toHaveLength(1);
    graph.calls[0]!.answer({ text: 'here' });
    const answers = await Promise.all(asked);
    expect(answers.map(({ text }) => text)).toEqual(Array(3).fill('{"data":{"near":"here"}}'));
    expect(answers.map(({ headers }) => headers.get('x-request-id'))).toEqual(['a', 'b', 'c']);
  });

  it('nothing is shared once the answer is there', async () => {
    for (const n of [1, 2]) {
      const asked = graph.ask('{ near }');
      await graph.arrived(n);
      graph.calls[n - 1]!.answer({ text: `answer ${n}` });
      expect((await asked).body).toEqual({ data: { near: `answer ${n}` } });
    }
  });

  const differences: Record<string, readonly Record<string, string>[]> = {
    'other credentials': [{ authorization: 'Bearer a' }, { authorization: 'Bearer b' }],
    'credentials and none': [{ authorization: 'Bearer a' }, {}],
    'other cookies': [{ cookie: 'session=a' }, { cookie: 'session=b' }],
    'another API key': [{ 'x-api-key': 'a' }, { 'x-api-key': 'b' }],
    'another value of a header that a connector sends on': [{ 'x-tenant': 'a' }, { 'x-tenant': 'b' }],
    'another header that a mapping reads': [{ 'x-language': 'a' }, { 'x-language': 'b' }],
    'another media type asked for': [{ accept: 'application/json' }, { accept: 'application/graphql-response+json' }],
    'a request for debug data': [{ 'apollo-federation-include-trace': 'ftv1' }, {}],
    'two requests for debug data': Array(2).fill({ 'apollo-federation-include-trace': 'ftv1' }),
  };

  it.each(Object.entries(differences))('two clients with %s never share', async (_, clients) => {
    const asked = clients.map((headers) => graph.ask('{ near }', { headers }));
    await graph.arrived(2);
    for (const { headers, path, answer } of graph.calls) {
      answer({ text: JSON.stringify([headers['x-tenant'] ?? null, path]) });
    }
    const told = (await Promise.all(asked)).map(({ body }) => JSON.parse(body.data.near as string) as unknown);
    const paths = clients.map((headers) => `/near?language=${headers['x-language'] ?? ''}`);
    expect(told).toEqual(clients.map((headers, index) => [headers['x-tenant'] ?? null, paths[index]]));
  });

  it('other variables or another operation of the text are another query', async () => {
    const query = 'query A($with: Boolean!) { near far @include(if: $with) } query B { far }';
    const asked = [
      graph.ask(query, { members: { operationName: 'A', variables: { with: true } } }),
      graph.ask(query, { members: { operationName: 'A', variables: { with: false } } }),
      graph.ask(query, { members: { operationName: 'B' } }),
    ];
    await graph.arrived(4);
    for (const { path, answer } of graph.calls) {
      answer(path === '/graphql' ? { data: { far: 'far' } } : { text: 'near' });
    }
    const answered = (await Promise.all(asked)).map(({ body }) => body.data as unknown);
    expect(answered).toEqual([{ near: 'near', far: 'far' }, { near: 'near' }, { far: 'far' }]);
  });

  it('equal mutations are executed as often as they were sent', async () => {
    const asked = [1, 2, 3].map(() => graph.ask('mutation { push }'));
    await graph.arrived(3);
    graph.calls.forEach(({ answer }, index) => answer({ text: `${index}` }));
    const texts = (await Promise.all(asked)).map(({ body }) => body.data.push as string);
    expect(new Set(texts)).toEqual(new Set(['0', '1', '2']));
  });

  it('a client that leaves takes nothing from those who wait, also when it came first', async () => {
    const first = new AbortController();
    const left = graph.ask('{ near }', { signal: first.signal }).catch(() => 'left');
    await graph.arrived(1);
    const stays = graph.ask('{ near }');
    await settle(graph);
    first.abort();
    expect(await left).toBe('left');
    await settle(graph);
    expect(graph.calls.map(({ isGone }) => isGone)).toEqual([false]);
    graph.calls[0]!.answer({ text: 'for who stayed' });
    expect((await stays).body).toEqual({ data: { near: 'for who stayed' } });
    expect(graph.calls).toHaveLength(1);
  });

  it('requests that cannot be executed are refused alike', async () => {
    const refused = await Promise.all([1, 2].map(() => graph.ask('{ nothing }')));
    expect(refused.map(({ status }) => status)).toEqual([400, 400]);
    expect(refused[0]!.text).toBe(refused[1]!.text);
  });
});

describe.each(engines.flatMap((engine) => [true, false].map((sharing) => ({ engine, sharing }))))(
  'with engine $engine, sharing $sharing',
  (options) => {
    let graph: HeldGraph;
    beforeAll(async () => {
      graph = await startHeldGraph(options);
    });
    afterAll(() => graph?.close());

    it('no call is left running when all clients have left, and who comes then begins anew', async () => {
      const clients = [new AbortController(), new AbortController()];
      const asked = clients.map(({ signal }) => graph.ask('{ near far }', { signal }).catch(() => 'left'));
      const expected = options.sharing ? 2 : 4;
      await graph.arrived(expected);
      await settle(graph);
      expect(graph.calls).toHaveLength(expected);
      for (const client of clients) client.abort();
      expect(await Promise.all(asked)).toEqual(['left', 'left']);
      await expect.poll(() => graph.calls.map(({ isGone }) => isGone)).toEqual(Array(expected).fill(true));

      graph.forget();
      const again = graph.ask('{ near far }');
      await graph.arrived(2);
      for (const { path, answer } of graph.calls) {
        answer(path === '/graphql' ? { data: { far: 'far' } } : { text: 'near' });
      }
      expect((await again).body).toEqual({ data: { near: 'near', far: 'far' } });
    });
  },
);

describe.each(engines)('with engine %s, different queries', (engine) => {
  let graph: HeldGraph;
  beforeAll(async () => {
    graph = await startHeldGraph({ engine, coalesce: true });
  });
  afterAll(() => graph?.close());
  beforeEach(() => graph.forget());

  it('share the calls that are the same, and one that leaves cancels nothing', async () => {
    const first = new AbortController();
    const left = graph.ask('{ mine: near far }', { signal: first.signal }).catch(() => 'left');
    await graph.arrived(2);
    const stays = graph.ask('{ near far other: __typename }');
    await settle(graph);
    expect(graph.calls).toHaveLength(2);
    first.abort();
    expect(await left).toBe('left');
    await settle(graph);
    expect(graph.calls.map(({ isGone }) => isGone)).toEqual([false, false]);
    for (const { path, answer } of graph.calls) {
      answer(path === '/graphql' ? { data: { far: 'far' } } : { text: 'near' });
    }
    expect((await stays).body).toEqual({ data: { near: 'near', far: 'far', other: 'Query' } });
  });

  it('of two identities share no call', async () => {
    const asked = ['a', 'b'].map((who) => graph.ask('{ far }', { headers: { authorization: who } }));
    await graph.arrived(2);
    graph.calls.forEach(({ answer }) => answer({ data: { far: 'far' } }));
    await Promise.all(asked);
  });
});
