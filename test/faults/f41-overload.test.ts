/** F41 and F50: more than the process has room for is refused, introspection first, writes last; what is too late is dropped. */
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startReloadingGateway } from './reloading-gateway.ts';

describe('F41 overload', { timeout: 120_000 }, () => {
  it('answers what it has room for in full, and the excess with 503, Retry-After and OVERLOADED', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const gateway = await startReloadingGateway('reload: { watch: false }', {
      server: ', overload: { operations: 10 }',
      hold: () => held,
    });
    const url = `${gateway.server.url}/graphql`;
    const queries = Array.from({ length: 50 }, (_, n) => gateway.ask(`{ book(id: "${n}") { title } }`));
    let answered = 0;
    for (const query of queries) void query.then(() => answered++);
    // Those with a place wait for the service, the others are answered.
    while (gateway.calls.length < 9 || answered < 41) await new Promise((resolve) => setTimeout(resolve, 10));
    const rest = await fetch(`${gateway.server.url}/rest/books/b`);
    const introspection = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __schema { queryType { name } } }"}',
    });
    const mutation = await gateway.ask('mutation { change }');
    const refused = [
      [rest.status, rest.headers.get('retry-after'), ((await rest.json()) as { type: string }).type],
      [introspection.status, introspection.headers.get('retry-after'), await introspection.json()],
      // There is room for it still: it is read, and refused for what it says.
      mutation.status === 503,
    ];
    const overloaded = { message: 'The server is too busy', extensions: { code: 'OVERLOADED' } };
    expect(refused).toEqual([[503, '1', '/rest/problems/overloaded'], [503, '1', { errors: [overloaded] }], false]);
    release();
    const answers = await Promise.all(queries);
    const inFull = answers.filter(({ body }) => body.errors === undefined);
    const excess = answers.filter(({ status }) => status === 503);
    expect([inFull.length, excess.length, gateway.calls.length]).toEqual([9, 41, 9]);
    expect((await gateway.admin('/metrics')).body).toContain('requests_shed{kind="query"} 42');
    expect((await gateway.ask('{ book(id: "later") { title } }')).body.errors).toBeUndefined();
  });
});

describe('F50 a blocked event loop', { timeout: 120_000 }, () => {
  it('a request past its deadline when it gets its turn makes 0 calls', async () => {
    const gateway = await startReloadingGateway('upstream: { deadline: { attempt: 100ms, call: 200ms } }', {
      server: ', deadline: 500ms',
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
    await new Promise((resolve) => setTimeout(resolve, 300));
    const until = performance.now() + 600;
    while (performance.now() < until);
    socket.write(body);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(answer).toContain('DEADLINE_EXCEEDED');
    expect(gateway.calls).toEqual([]);
  });
});
