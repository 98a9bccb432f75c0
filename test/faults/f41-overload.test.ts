/** F41 and F50: more than the process has room for is refused, introspection first, writes last; what is too late is dropped. */
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startReloadingGateway } from './reloading-gateway.ts';
import { settle } from './wire.ts';

describe('F41 overload', { timeout: 120_000 }, () => {
  // As late as the loop may be on a busy machine: here only the number counts.
  const overload = 'operations: 20, loopDelay: 1h';

  /** A service that answers in rounds: what came since the last one. */
  async function startInRounds() {
    let release = () => {};
    let held = new Promise<void>((resolve) => (release = resolve));
    const gateway = await startReloadingGateway('reload: { watch: false }', {
      server: ', rateLimit: { enabled: false }',
      overload,
      hold: () => held,
    });
    let id = 0;
    /** Sends so many at once; resolves once everybody has his answer, or his place and then his answer. */
    const round = async (queries: number, mutations = 0) => {
      const before = gateway.calls.length;
      let refused = 0;
      const ask = async (kind: 'query' | 'mutation', query: string) => {
        const { status, body } = await gateway.ask(query);
        if (status === 503) refused++;
        return { kind, status, body };
      };
      const sent = [
        ...Array.from({ length: queries }, () => ask('query', `{ book(id: "${id++}") { title } }`)),
        ...Array.from({ length: mutations }, () => ask('mutation', `mutation { restock(id: "${id++}") }`)),
      ];
      while (gateway.calls.length - before + refused < sent.length) await new Promise((go) => setTimeout(go, 1));
      release();
      held = new Promise<void>((resolve) => (release = resolve));
      const answers = await Promise.all(sent);
      const count = (kind: string, isRefused: boolean) =>
        answers.filter((answer) => answer.kind === kind && (answer.status === 503) === isRefused).length;
      expect(answers.filter(({ status, body }) => status !== 503 && body.errors !== undefined)).toEqual([]);
      return {
        queries: count('query', false),
        mutations: count('mutation', false),
        refused: [count('query', true), count('mutation', true)],
      };
    };
    return { gateway, round, release: () => release() };
  }

  it('at five times what there is room for, each round answers as many as at the peak, and nobody waits a second one', async () => {
    const { gateway, round } = await startInRounds();
    const peak = await round(18);
    expect(peak).toEqual({ queries: 18, mutations: 0, refused: [0, 0] });
    for (let n = 0; n < 3; n++) expect(await round(90)).toEqual({ queries: 18, mutations: 0, refused: [72, 0] });
    expect(gateway.calls).toHaveLength(4 * 18);
    expect((await gateway.admin('/metrics')).body).toContain('requests_shed{kind="query"} 216');
    // And then it is as if nothing had been.
    expect(await round(18)).toEqual(peak);
  });

  it('writes have room where queries have none: the last tenth', async () => {
    const { round } = await startInRounds();
    expect(await round(90, 2)).toEqual({ queries: 18, mutations: 2, refused: [72, 0] });
    expect(await round(90, 10)).toEqual({ queries: 18, mutations: 2, refused: [72, 8] });
  });

  it('says 503, Retry-After and OVERLOADED, over GraphQL and over REST', async () => {
    const { gateway, release } = await startInRounds();
    const inFlight = Array.from({ length: 18 }, (_, n) => gateway.ask(`{ book(id: "${n}") { title } }`));
    while (gateway.calls.length < 18) await new Promise((go) => setTimeout(go, 1));
    const graphql = await fetch(`${gateway.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ book(id: \\"b\\") { title } }"}',
    });
    const overloaded = { message: 'The server is too busy', extensions: { code: 'OVERLOADED' } };
    expect([graphql.status, graphql.headers.get('retry-after'), await graphql.json()]).toEqual([
      503,
      '1',
      { errors: [overloaded] },
    ]);
    const rest = await gateway.rest('/books/b');
    expect([rest.status, rest.headers.get('retry-after'), rest.body.type]).toEqual([
      503,
      '1',
      'https://iana.org/assignments/http-problem-types#temporary-reduced-capacity',
    ]);
    release();
    expect((await Promise.all(inFlight)).filter(({ body }) => body.errors !== undefined)).toEqual([]);
  });
});

describe('F50 a blocked event loop', { timeout: 120_000 }, () => {
  it('a request past its deadline when it gets its turn makes 0 calls', async () => {
    const gateway = await startReloadingGateway('upstream: { deadline: { attempt: 20ms, call: 50ms } }', {
      server: ', deadline: 100ms',
    });
    const { hostname, port } = new URL(gateway.server.url);
    const body = '{"query":"{ book(id: \\"b\\") { title } }"}';
    const socket = connect(Number(port), hostname);
    const head = [
      'POST /graphql HTTP/1.1',
      'host: x',
      'content-type: application/json',
      `content-length: ${body.length}`,
      'connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    // The server has the head; then nothing turns for longer than the deadline.
    await settle(200);
    const until = performance.now() + 150;
    while (performance.now() < until);
    socket.write(body);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(answer).toContain('DEADLINE_EXCEEDED');
    expect(gateway.calls).toEqual([]);
  });
});
