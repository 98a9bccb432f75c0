// F49 of the fault table: the clock on the wall jumps, and nothing that measures time notices.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createUpstream, type UpstreamEvent } from 'tributary-gateway/upstream';
import { root } from '../repository/root.ts';
import { FakeClock } from '../upstream/fake-clock.ts';
import { httpAnswer, startRawServer } from '../upstream/raw-server.ts';
import { silent } from '../faults/wire.ts';

const hour = 3_600_000;

interface Story {
  readonly kinds: readonly string[];
  readonly ages: readonly number[];
}

const tell = (event: UpstreamEvent): string => {
  const { durationMs, code, status } = event as { durationMs?: number; code?: string; status?: number };
  return [event.kind, durationMs, code, status].join(' ');
};

/** An outage, a recovery, a call that hangs and an answer that is kept; the wall jumps before each step. */
async function live(jumps: (step: number) => number): Promise<Story> {
  const clock = new FakeClock();
  let offset = 0;
  let step = 0;
  let answer = silent;
  const server = await startRawServer((request, n) => answer(request, n));
  const events: UpstreamEvent[] = [];
  const upstream = createUpstream({
    settings: { retry: { retries: 0 } },
    clock: { now: clock.now, schedule: clock.schedule, wallTime: () => clock.wallTime() + offset },
    random: () => 0.5,
    emit: (event) => void events.push(event),
  });
  onTestFinished(async () => {
    await upstream.close();
    await server.close();
  });
  const send = (path: string) => {
    offset += jumps(step++);
    const { signal } = new AbortController();
    const context = { signal, deadlineAt: clock.now() + 30_000, identity: '', requestId: '' };
    return upstream.call({ service: 'catalog', method: 'GET', url: server.url + path, headers: {}, context });
  };
  const ok = (...headers: string[]) => httpAnswer('{}', { headers: ['content-type: application/json', ...headers] });

  answer = ({ socket }) => socket.write(httpAnswer('{}', { status: '503 Service Unavailable' }));
  for (let n = 0; n < 20; n++) await send(`/failing/${n}`);
  clock.advance(4999);
  await send('/refused').catch(() => {});
  clock.advance(1);
  answer = ({ socket }) => socket.write(ok());
  for (let n = 0; n < 3; n++) await send(`/probe/${n}`);
  clock.advance(5000);
  answer = silent;
  const asked = server.requests.length;
  const hanging = send('/hanging').catch(() => {});
  await server.request(asked + 1);
  clock.advance(5000);
  await hanging;
  const kinds = events.map(tell);
  const ages: number[] = [];
  const date = new Date(clock.wallTime()).toUTCString();
  answer = ({ socket }) => socket.write(ok('cache-control: max-age=3600', `date: ${date}`));
  for (let n = 0; n < 4; n++) {
    clock.advance(1000);
    const { headers } = await send('/kept');
    ages.push(Number(headers['age']?.[0] ?? 0));
  }
  return { kinds, ages };
}

test.each<[string, (step: number) => number]>([
  ['400 days ahead', (step) => (step === 10 ? 400 * 24 * hour : 0)],
  ['an hour back', (step) => (step === 10 ? -hour : 0)],
  ['to and fro before every call', (step) => (step % 2 === 0 ? 30 * 24 * hour : -31 * 24 * hour)],
])(
  'F49 the wall clock jumps %s: breaker, limits and durations are the same, no age is negative',
  async (_name, jumps) => {
    const steady = await live(() => 0);
    const jumping = await live(jumps);
    expect(jumping.kinds).toEqual(steady.kinds);
    expect(steady.kinds.filter((text) => text.startsWith('breaker-changed'))).toHaveLength(3);
    expect(jumping.ages.filter((age) => !(age >= 0))).toEqual([]);
  },
);

test('F49 in gateway/upstream only clock.ts asks what time it is on the wall', () => {
  const folder = join(root, 'gateway/upstream');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const asking = files.filter((file) => /Date\.now\(|new Date\(\)/.test(readFileSync(join(folder, file), 'utf8')));
  expect(asking).toEqual(['clock.ts']);
});
