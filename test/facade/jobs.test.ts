/** `@async(rule)`: what a service works on for longer than a request (facade.md 3.3, S12 and S13). */
import { describe, expect, it } from 'vitest';
import { FaultsError } from '../../gateway/facade/index.ts';
import { jsonOf, type Sent } from './bookshop.ts';
import { done, failed, openJobShop, readers, rule, running, startReport } from './job-shop.ts';

const document = `${startReport(`@async(rule: ${rule})`)} ${readers}`;
const start = (headers: Record<string, string> = {}): Sent => ({ method: 'POST', body: { year: 2026 }, headers });

describe('S12: a write that starts a job', () => {
  it('answers 202 with the address of the job, when to look again, a tag, and the job', async () => {
    const shop = openJobShop(document);
    const answer = await shop.send('/rest/reports', start());
    expect(answer.status).toBe(202);
    expect(answer.headers).toMatchObject({ location: '/rest/jobs/7', 'retry-after': '2', vary: 'Accept, Prefer' });
    expect(answer.headers['etag']).toMatch(/^"[0-9a-f]{24}\.json"$/);
    expect(answer.headers).not.toHaveProperty('preference-applied');
    expect(jsonOf(answer)).toEqual({ id: '7', status: 'RUNNING', progress: 10 });
  });

  it('keeps the version prefix of the request in the address', async () => {
    const answer = await openJobShop(document).send('/rest/v1/reports', start());
    expect(answer.headers['location']).toBe('/rest/v1/jobs/7');
  });

  it('says that "respond-async" was honoured', async () => {
    const answer = await openJobShop(document).send('/rest/reports', start({ prefer: 'respond-async' }));
    expect([answer.status, answer.headers['preference-applied']]).toEqual([202, 'respond-async']);
  });

  it('with "wait" answers as the job does once it has ended in time', async () => {
    const shop = openJobShop(document, { states: [running, running, running, done] });
    const answer = await shop.send('/rest/reports', start({ prefer: 'respond-async, wait=10' }));
    expect([answer.status, answer.headers['location']]).toEqual([303, '/rest/reports/9']);
    expect(shop.executed.map(({ operationName }) => operationName)).toEqual([
      'StartReport',
      'GetJob',
      'GetJob',
      'GetJob',
    ]);
    expect(shop.slept).toEqual([100, 200, 400]);
    expect(answer.headers['preference-applied']).toContain('wait=10');
  });

  it('with "wait" answers 202 when the time is over', async () => {
    const shop = openJobShop(document);
    const answer = await shop.send('/rest/reports', start({ prefer: 'wait=2' }));
    expect([answer.status, answer.headers['preference-applied']]).toEqual([202, 'wait=2']);
    expect(shop.slept.reduce((sum, ms) => sum + ms, 0)).toBe(2_000);
  });

  it('never waits past the deadline of the request', async () => {
    const shop = openJobShop(document);
    const { toRequest } = await import('./bookshop.ts');
    const request = { ...toRequest('/rest/reports', start({ prefer: 'wait=60' })), deadlineAt: 3_000 };
    expect((await shop.facade.handle(request)).status).toBe(202);
    expect(shop.slept.reduce((sum, ms) => sum + ms, 0)).toBe(2_500);
  });

  it('with "wait" shows a job that failed, with its address as that of the content', async () => {
    const shop = openJobShop(document, { states: [running, failed] });
    const answer = await shop.send('/rest/reports', start({ prefer: 'wait=5' }));
    expect([answer.status, answer.headers['content-location']]).toEqual([200, '/rest/v1/jobs/7']);
    expect(jsonOf(answer)['_problem']).toMatchObject({ detail: 'The disk is full' });
  });

  it('is kept under a key: the same key starts nothing a second time', async () => {
    const shop = openJobShop(`${startReport(`@async(rule: ${rule}) @idempotent`)} ${readers}`);
    const first = await shop.send('/rest/reports', start({ 'idempotency-key': 'k' }));
    const second = await shop.send('/rest/reports', start({ 'idempotency-key': 'k' }));
    expect(second).toEqual({ ...first, headers: { ...first.headers, 'idempotency-replayed': 'true' } });
    expect(shop.executed.length).toBe(1);
  });
});

describe('S13: reading a job', () => {
  it('answers 200 with Retry-After while it is running', async () => {
    const answer = await openJobShop(document).send('/rest/jobs/7');
    expect([answer.status, answer.headers['retry-after'], answer.headers['location']]).toEqual([200, '2', undefined]);
    expect(answer.headers['etag']).toBeDefined();
  });

  it('answers 304 to who has seen this state of it', async () => {
    const shop = openJobShop(document);
    const { headers } = await shop.send('/rest/jobs/7');
    const again = await shop.send('/rest/jobs/7', { headers: { 'if-none-match': String(headers['etag']) } });
    expect([again.status, again.headers['retry-after']]).toEqual([304, '2']);
  });

  it('leads to the result with 303 once it is done, whatever tag is sent', async () => {
    const shop = openJobShop(document, { states: [done] });
    const answer = await shop.send('/rest/jobs/7', { headers: { 'if-none-match': '*' } });
    expect([answer.status, answer.headers['location']]).toEqual([303, '/rest/reports/9']);
    expect(answer.headers).not.toHaveProperty('retry-after');
    expect(answer.headers).not.toHaveProperty('etag');
    expect((await shop.send('/rest/reports/9')).status).toBe(200);
  });

  it('with asyncDone: link answers 200 and links to the result', async () => {
    const shop = openJobShop(document, { states: [done], settings: { asyncDone: 'link' } });
    const hal = jsonOf(await shop.send('/rest/jobs/7', { headers: { accept: 'application/hal+json' } }));
    expect(hal['_links']).toMatchObject({ self: { href: '/rest/jobs/7' }, result: { href: '/rest/reports/9' } });
    const plain = await shop.send('/rest/jobs/7');
    expect(plain.status).toBe(200);
    expect(plain.headers['link']).toContain('</rest/reports/9>; rel="result"');
  });

  it('answers 200 for a job that failed: it was found, and the problem is in it', async () => {
    const answer = await openJobShop(document, { states: [failed] }).send('/rest/jobs/7');
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('retry-after');
    expect(jsonOf(answer)).toMatchObject({
      status: 'FAILED',
      _problem: { type: '/rest/problems/job-failed', code: 'JOB_FAILED', detail: 'The disk is full' },
    });
  });

  it('knows the state of a job of which only other fields were asked for', async () => {
    const answer = await openJobShop(document, { states: [running] }).send('/rest/jobs/7?fields=progress');
    expect([answer.headers['retry-after'], jsonOf(answer)]).toEqual(['2', { progress: 10 }]);
  });

  it('with "wait" answers when the job has ended', async () => {
    const shop = openJobShop(document, { states: [running, running, done] });
    const answer = await shop.send('/rest/jobs/7', { headers: { prefer: 'wait=5' } });
    expect([answer.status, shop.slept.length]).toEqual([303, 2]);
  });

  it('takes a state that the rule does not list for running where it lists the failures', async () => {
    const open = `{ job: "GetJob", running: ["RUNNING"], done: ["SUCCEEDED"], failed: ["FAILED", "QUEUED"] }`;
    const text = `${startReport(`@async(rule: ${open})`)} ${readers}`;
    expect((await openJobShop(text, { states: [running] }).send('/rest/jobs/7')).headers['retry-after']).toBe('2');
    expect(
      jsonOf(await openJobShop(text, { states: [{ ...running, status: 'QUEUED' }] }).send('/rest/jobs/7')),
    ).toHaveProperty('_problem');
    const ended = await openJobShop(text, { states: [done] }).send('/rest/jobs/7');
    expect([ended.status, ended.headers['location']]).toEqual([200, undefined]);
  });
});

describe('the OpenAPI document of jobs', () => {
  it('describes 202 with its headers and the link to the job, and 303', () => {
    const paths = openJobShop(document).facade.openapi['paths'] as Record<
      string,
      Record<string, { responses: Record<string, object> }>
    >;
    const started = paths['/reports']!['post']!.responses;
    expect(started['202']).toMatchObject({
      headers: { Location: {}, 'Retry-After': {}, ETag: {} },
      links: { job: { operationId: 'GetJob', parameters: { id: '$response.body#/id' } } },
    });
    expect(Object.keys(started)).toEqual(expect.arrayContaining(['200', '202', '303']));
    expect(Object.keys(paths['/jobs/{id}']!['get']!.responses)).toEqual(expect.arrayContaining(['200', '303', '304']));
    const linked = openJobShop(document, { settings: { asyncDone: 'link' } }).facade.openapi['paths'] as typeof paths;
    expect(Object.keys(linked['/jobs/{id}']!['get']!.responses)).not.toContain('303');
  });
});

const faultsOf = (text: string): string[] => {
  try {
    openJobShop(text);
    return [];
  } catch (error) {
    if (!(error instanceof FaultsError)) throw error;
    return error.faults.map(({ message, range }) => `${range?.line}: ${message}`);
  }
};
const lists = 'running: ["QUEUED", "RUNNING"], done: ["SUCCEEDED"]';
const withRule = (text: string, more = readers) => `${startReport(`@async(rule: { ${text} })`)} ${more}`;

describe('rules 14 and 17 for @async', () => {
  it.each([
    [withRule(`job: "GetJobb", ${lists}`), '"job" of @async on "StartReport" is "GetJobb", which is no operation'],
    [
      withRule(`job: "StartReport", ${lists}`),
      '"job" of @async on "StartReport" is "StartReport", which is no GET route',
    ],
    [
      withRule(`job: "GetJob", ${lists}, result: "GetRepot"`),
      '"result" of @async on "StartReport" is "GetRepot", which is no operation',
    ],
    [
      withRule(`job: "GetJob", ${lists}, state: "$.state"`),
      '"state" of @async on "StartReport" reads "state", which "GetJob" does not select',
    ],
    [withRule(`job: "GetJob", ${lists}, state: "$..."`), '"state" of @async on "StartReport" does not read:'],
    [
      withRule(`job: "GetJob", ${lists}, result: "GetReport", resultId: "$.report"`),
      '"resultId" of @async on "StartReport" reads "report", which "GetJob" does not select',
    ],
    [
      withRule(`job: "GetJob", ${lists}, error: "$.why"`),
      '"error" of @async on "StartReport" reads "why", which "GetJob" does not select',
    ],
    [
      withRule('job: "GetJob", running: ["RUNING"], done: ["SUCCEEDED"]'),
      '@async of "StartReport": "RUNING" is no JobStatus',
    ],
    [
      withRule('job: "GetJob", running: ["RUNNING"], done: ["SUCCEEDED", "RUNNING"]'),
      '@async of "StartReport" lists "RUNNING" twice',
    ],
    [
      withRule('job: "GetJob", running: ["RUNNING"], done: ["SUCCEEDED"], failed: ["FAILED"]'),
      '@async of "StartReport" says nothing of "QUEUED" of JobStatus',
    ],
    [
      `${startReport(`@async(rule: ${rule})`, '{ status }')} ${readers.replace('@resource(type: "Job")', '')}`,
      '"StartReport" does not say "{id}" of its job "GetJob"',
    ],
    [
      `${document} mutation Again($year: Int!) @http(method: POST, route: "/again") @async(rule: { job: "GetJob", ${lists} }) { startReport(year: $year) { id status } }`,
      '"Again" and "StartReport" read the job "GetJob" by different rules',
    ],
    [
      document.replace('route: "/reports")', 'route: "/reports", success: 201)'),
      '"StartReport" is @async, so its success is 202, not 201',
    ],
  ])('%#: says what is wrong', (text, message) => {
    expect(
      faultsOf(text).some((one) => /^[15]: /.test(one) && one.slice(3).startsWith(message)),
      faultsOf(text).join('\n'),
    ).toBe(true);
  });

  it('has nothing to say of a rule that fits', () => {
    expect(faultsOf(document)).toEqual([]);
  });
});
