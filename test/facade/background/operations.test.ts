/** `@async` without a rule: operations of the gateway (facade.md 3.3, S12 and S13). What the work does is in the hand of each test. */
import { describe, expect, it } from 'vitest';
import {
  createMemoryOperations,
  FaultsError,
  type FacadeOptions,
  type FacadeResponse,
  type FacadeResult,
} from '../../../gateway/facade/index.ts';
import { jsonOf, toRequest, type Sent } from '../bookshop.ts';
import { createResponseCheck } from '../openapi/response-check.ts';
import { openJobShop, readers, startReport } from '../job-shop.ts';

const text = `
  ${startReport('@async @idempotent')} ${readers}
  mutation AddNote($text: String!) @http(method: POST, route: "/notes") @async { addNote(text: $text) { id text } }
  mutation Rewrite($text: String!) @http(method: POST, route: "/rewrites", success: 200) @async { addNote(text: $text) { id text } }
  mutation ClearNotes @http(method: DELETE, route: "/notes") @async { clearNotes }
`;

/** Work that ends when a test says so. */
function openWork(options: Partial<FacadeOptions> = {}) {
  let at = Date.parse('2026-11-22T00:00:00Z');
  const ends: ((result: FacadeResult) => void)[] = [];
  const signals: AbortSignal[] = [];
  const waited: Promise<unknown>[] = [];
  const shop = openJobShop(text, {
    now: () => new Date(at),
    execute: ({ request }) => {
      signals.push(request.signal);
      return new Promise((resolve) => ends.push(resolve));
    },
    ...options,
  });
  return {
    ends,
    signals,
    pass: (ms: number) => void (at += ms),
    /** Sends, and keeps what goes on behind the answer. */
    async send(url: string, sent?: Sent) {
      const waitUntil = (work: Promise<unknown>) => void waited.push(work);
      return shop.facade.handle({ ...toRequest(url, sent), waitUntil });
    },
    /** Ends the work that was begun last. */
    async end(result: FacadeResult) {
      ends.at(-1)!(result);
      await Promise.all(waited);
    },
    facade: shop.facade,
  };
}

const post = (body: unknown, headers: Record<string, string> = {}): Sent => ({ method: 'POST', body, headers });
const note = { addNote: { __typename: 'Note', id: 'n1', text: 'x', facade__id: 'n1' } };

async function startNote(work: ReturnType<typeof openWork>, path = '/rest/notes') {
  const answer = await work.send(path, post({ text: 'x' }));
  return { answer, at: String(answer.headers['location']) };
}

describe('S12: a write that the gateway works on later', () => {
  it('answers 202 with the address of its operation, when to look again, a tag, and the operation', async () => {
    const { answer, at } = await startNote(openWork());
    expect([answer.status, answer.headers['retry-after']]).toEqual([202, '2']);
    expect(at).toMatch(/^\/rest\/operations\/[0-9a-f-]{36}$/);
    expect(answer.headers['etag']).toMatch(/^"[0-9a-f]{24}\.json"$/);
    expect(jsonOf(answer)).toEqual({
      id: at.split('/').at(-1),
      operation: 'AddNote',
      status: 'RUNNING',
      startedAt: '2026-11-22T00:00:00.000Z',
      expiresAt: '2026-11-23T00:00:00.000Z',
    });
  });

  it('keeps the version prefix of the request in the address', async () => {
    expect((await startNote(openWork(), '/rest/v1/notes')).at).toMatch(/^\/rest\/v1\/operations\//);
  });

  it('goes on when the client has left', async () => {
    const work = openWork();
    const client = new AbortController();
    await work.send('/rest/notes', { ...post({ text: 'x' }), signal: client.signal });
    client.abort();
    expect(work.signals[0]!.aborted).toBe(false);
  });

  it('what a request has to have is asked for before', async () => {
    const work = openWork();
    expect((await work.send('/rest/notes', post({ text: 7 }))).status).toBe(422);
    expect((await work.send('/rest/notes', { ...post({ text: 'x' }), headers: { accept: 'text/html' } })).status).toBe(
      406,
    );
    expect(work.ends).toEqual([]);
  });

  it('with "wait" answers as the operation does once it has ended in time', async () => {
    const work = openWork({ sleep: () => new Promise(() => {}) });
    const answered = work.send('/rest/notes', post({ text: 'x' }, { prefer: 'respond-async, wait=10' }));
    await expect.poll(() => work.ends.length).toBe(1);
    await work.end({ data: note });
    const answer = await answered;
    expect([answer.status, answer.headers['location']]).toEqual([303, '/rest/notes/n1']);
    expect(answer.headers['preference-applied']).toBe('respond-async, wait=10');
  });

  it('with "wait" answers 202 when the time is over', async () => {
    const answer = await openWork().send('/rest/notes', post({ text: 'x' }, { prefer: 'wait=2' }));
    expect([answer.status, answer.headers['preference-applied']]).toEqual([202, 'wait=2']);
  });

  it('is kept under a key: the same key starts nothing a second time', async () => {
    const work = openWork();
    const first = await work.send('/rest/reports', post({ year: 2026 }, { 'idempotency-key': 'k' }));
    const second = await work.send('/rest/reports', post({ year: 2026 }, { 'idempotency-key': 'k' }));
    expect(second).toEqual({ ...first, headers: { ...first.headers, 'idempotency-replayed': 'true' } });
    expect(work.ends.length).toBe(1);
  });

  it('P8: more than may be under way is refused, and begins nothing', async () => {
    const work = openWork({ settings: { background: { maxRunning: 1 } } });
    await startNote(work);
    const { answer } = await startNote(work);
    expect([answer.status, answer.headers['retry-after'], work.ends.length]).toEqual([503, '1', 1]);
    await work.end({ data: note });
    expect((await startNote(work)).answer.status).toBe(202);
  });

  it('a store that does not answer is 503, and begins nothing', async () => {
    const broken = { add: () => Promise.reject(new Error('The database is gone')), end: () => Promise.resolve() };
    const work = openWork({
      operationStore: { ...broken, find: () => Promise.reject(new Error('The database is gone')) },
    });
    const { answer } = await startNote(work);
    expect([answer.status, jsonOf(answer)['code'], work.ends]).toEqual([503, 'OPERATIONS_UNAVAILABLE', []]);
    expect((await work.send('/rest/operations/1')).status).toBe(503);
  });
});

describe('S13: reading an operation', () => {
  it('answers 200 with Retry-After while it is under way, and 304 to who has seen that', async () => {
    const work = openWork();
    const { at } = await startNote(work);
    const seen = await work.send(at);
    expect([seen.status, seen.headers['retry-after'], jsonOf(seen)['status']]).toEqual([200, '2', 'RUNNING']);
    const again = await work.send(at, { headers: { 'if-none-match': String(seen.headers['etag']) } });
    expect([again.status, again.headers['retry-after'], again.body]).toEqual([304, '2', undefined]);
  });

  it('leads with 303 to what was made, and back to nothing', async () => {
    const work = openWork();
    const { at } = await startNote(work);
    await work.end({ data: note });
    const answer = await work.send(at);
    expect([answer.status, answer.headers['location']]).toEqual([303, '/rest/notes/n1']);
    expect(answer.headers).not.toHaveProperty('retry-after');
    expect(jsonOf(answer)).toMatchObject({ status: 'SUCCEEDED', endedAt: '2026-11-22T00:00:00.000Z' });
  });

  it('with asyncDone: link answers 200 and links to what was made', async () => {
    const work = openWork({ settings: { asyncDone: 'link' } });
    const { at } = await startNote(work);
    await work.end({ data: note });
    const answer = await work.send(at, { headers: { accept: 'application/hal+json' } });
    expect(answer.status).toBe(200);
    expect(jsonOf(answer)['_links']).toEqual({ self: { href: at }, result: { href: '/rest/notes/n1' } });
  });

  it('holds the representation itself where that has no address, and nothing where there is none', async () => {
    const work = openWork();
    const rewrite = await startNote(work, '/rest/rewrites');
    await work.end({ data: note });
    expect(jsonOf(await work.send(rewrite.at))['result']).toEqual({ id: 'n1', text: 'x' });
    const cleared = await work.send('/rest/notes', { method: 'DELETE' });
    await work.end({ data: { clearNotes: true } });
    const ended = jsonOf(await work.send(String(cleared.headers['location'])));
    expect([ended['status'], 'result' in ended]).toEqual(['SUCCEEDED', false]);
  });

  it('answers 200 for one that failed, with the problem the write would have had', async () => {
    const work = openWork();
    const { at } = await startNote(work);
    await work.end({ data: { addNote: null }, errors: [{ message: 'No', extensions: { code: 'FORBIDDEN' } }] });
    const answer = await work.send(at);
    expect(answer.status).toBe(200);
    expect(jsonOf(answer)).toMatchObject({ status: 'FAILED', _problem: { status: 403, code: 'FORBIDDEN' } });
    expect(jsonOf(answer)['_problem']).not.toHaveProperty('traceId');
  });

  it('with "wait" answers when it has ended', async () => {
    let slept = 0;
    const work = openWork({
      sleep: async () => {
        if (++slept === 3) await work.end({ data: note });
      },
    });
    const { at } = await startNote(work);
    expect((await work.send(at, { headers: { prefer: 'wait=5' } })).status).toBe(303);
    expect(slept).toBe(3);
  });

  it('is 404 once it has expired, and where there never was one', async () => {
    const work = openWork();
    const { at } = await startNote(work);
    await work.end({ data: note });
    work.pass(86_400_000);
    expect((await work.send(at)).status).toBe(404);
    expect((await work.send('/rest/operations/none')).status).toBe(404);
  });

  it('is read only: DELETE is 405, and OPTIONS says so', async () => {
    const work = openWork();
    const { at } = await startNote(work);
    expect((await work.send(at, { method: 'DELETE' })).headers['allow']).toBe('GET, HEAD, OPTIONS');
    expect((await work.send(at, { method: 'OPTIONS' })).status).toBe(204);
    expect((await work.send(at, { headers: { accept: 'text/html' } })).status).toBe(406);
  });

  it('is a path like any other where no route is worked on later', async () => {
    const shop = openJobShop(readers);
    expect(jsonOf(await shop.send('/rest/operations/1'))['code']).toBe('ROUTE_NOT_FOUND');
  });
});

describe('the end of the time', () => {
  it('work past its deadline is told to stop, and failed with 504', async () => {
    const work = openWork({ settings: { background: { deadlineMs: 1 } } });
    const { at } = await startNote(work);
    await expect.poll(() => work.signals[0]!.aborted).toBe(true);
    await expect.poll(async () => jsonOf(await work.send(at))['status']).toBe('FAILED');
    expect(jsonOf(await work.send(at))['_problem']).toMatchObject({ status: 504 });
  });

  it('a stop of the gateway says that nobody knows what became of the work', async () => {
    const stop = new AbortController();
    const work = openWork({ stopping: stop.signal });
    const { at } = await startNote(work);
    stop.abort();
    await expect.poll(async () => jsonOf(await work.send(at))['status']).toBe('FAILED');
    expect(jsonOf(await work.send(at))['_problem']).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect((await startNote(work)).answer.status).toBe(503);
  });

  it('a gateway that died is known by its lease; until then the work counts as under way', async () => {
    let at = new Date('2026-11-22T00:00:00Z');
    const operationStore = createMemoryOperations({ now: () => at });
    const shop = openJobShop(text, { operationStore, now: () => at });
    const times = { startedAt: at, leaseUntil: new Date('2026-11-22T00:05:10Z'), expiresAt: new Date('2026-11-23') };
    await operationStore.add({ id: 'left-behind', name: 'AddNote', ...times });
    expect(jsonOf(await shop.send('/rest/operations/left-behind'))['status']).toBe('RUNNING');
    at = times.leaseUntil;
    expect(jsonOf(await shop.send('/rest/operations/left-behind'))).toMatchObject({
      status: 'FAILED',
      _problem: { code: 'OUTCOME_UNKNOWN' },
    });
  });
});

it('memory keeps so many operations and no more; those under way stay', async () => {
  const now = () => new Date('2026-11-22');
  const store = createMemoryOperations({ now, capacity: 2 });
  const times = { startedAt: now(), leaseUntil: new Date('2026-11-23'), expiresAt: new Date('2026-11-24') };
  const ended = { at: now(), answer: { status: 204, headers: {}, body: undefined } };
  for (const id of ['a', 'b']) await store.add({ id, name: 'AddNote', ...times });
  await store.end('b', ended);
  await store.add({ id: 'c', name: 'AddNote', ...times });
  const found = await Promise.all(['a', 'b', 'c'].map((id) => store.find(id)));
  expect(found.map((one) => one?.id)).toEqual(['a', undefined, 'c']);
});

it.each([
  [
    'query Taken($id: ID!) @http(method: GET, route: "/operations/{id}") { note(id: $id) { id } }',
    'Route "/operations/{id}" is one the facade answers itself',
  ],
  [
    'mutation M($text: String!) @http(method: POST, route: "/m", success: 202) @async { addNote(text: $text) { id } }',
    '"success" of "M" is what its operation ends with, expected 200, 201 or 204',
  ],
])('%s does not start', (more, message) => {
  expect(() => openJobShop(`${text} ${more}`)).toThrow(FaultsError);
  expect(() => openJobShop(`${text} ${more}`)).toThrow(message);
});

describe('the OpenAPI document of operations', () => {
  type Paths = Record<string, Record<string, Record<string, Record<string, object>>>>;
  const origins = ['https://hooks.example'];
  const webhooks = { origins, secret: 'whsec_', send: () => Promise.resolve(204) };

  it('describes what is answered at the start, the operation, and who is told', () => {
    const paths = openJobShop(text, { webhooks }).facade.openapi['paths'] as unknown as Paths;
    const start = paths['/notes']!['post']!;
    expect(Object.keys(start['responses']!)).toEqual(expect.arrayContaining(['200', '202', '303', '503']));
    expect(start['responses']!['201']).toBeUndefined();
    expect(start['callbacks']).toHaveProperty('ended');
    expect(Object.keys(paths['/operations/{id}']!['get']!['responses']!)).toContain('303');
  });

  it('says nothing of them where there are none', () => {
    const paths = openJobShop(readers).facade.openapi['paths'] as unknown as Paths;
    expect(Object.keys(paths)).not.toContain('/operations/{id}');
    expect((openJobShop(text).facade.openapi['paths'] as unknown as Paths)['/notes']!['post']).not.toHaveProperty(
      'callbacks',
    );
  });

  it('says what is answered', async () => {
    const work = openWork();
    const check = createResponseCheck(work.facade.openapi);
    const expectDescribed = (method: string, url: string, { status, headers, body }: FacadeResponse) =>
      expect(check({ method, url, status, headers, body: body === undefined ? undefined : String(body) })).toEqual([]);
    const { answer, at } = await startNote(work);
    expectDescribed('POST', '/notes', answer);
    expectDescribed('GET', at.replace('/rest', ''), await work.send(at));
    await work.end({ data: note });
    expectDescribed('GET', at.replace('/rest', ''), await work.send(at));
  });
});
