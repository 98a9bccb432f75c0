import pino from 'pino';
import { expect, test } from 'vitest';
import type { UpstreamEvent } from 'tributary-gateway/upstream';
import { createObserver } from '../../../gateway/server/admin/observe-upstream.ts';
import { startAdmin } from '../../../gateway/server/admin/start-admin.ts';

function startObserver(level: string) {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level }, { write: (line: string) => void lines.push(JSON.parse(line) as never) });
  return { observer: createObserver({ services: ['catalog'], logger }), logger, lines };
}

const about = { service: 'catalog', requestId: 'r-1', call: 1, method: 'GET', url: 'http://127.0.0.1:1/books' };
const ended: UpstreamEvent = {
  kind: 'call-ended',
  ...about,
  durationMs: 3,
  outcome: 'failure',
  code: 'UPSTREAM_UNREACHABLE',
  reason: 'ECONNREFUSED',
};

test('a failed call is one line at debug, with the id of the request', () => {
  const { observer, lines } = startObserver('debug');
  observer.note({ kind: 'call-started', ...about });
  observer.note(ended);
  observer.note({ ...ended, outcome: 'success' });
  expect(lines).toMatchObject([
    { level: 20, service: 'catalog', requestId: 'r-1', code: 'UPSTREAM_UNREACHABLE', reason: 'ECONNREFUSED' },
  ]);
});

test('a failed call writes nothing at info: an outage does not flood the log', () => {
  const { observer, lines } = startObserver('info');
  observer.note(ended);
  expect(lines).toEqual([]);
});

test('an admin port that is taken is a warning, and the rest goes on', async () => {
  const { observer, logger, lines } = startObserver('info');
  const settings = { enabled: true, host: '127.0.0.1', port: 0 };
  const first = await startAdmin(settings, { ...observer, logger });
  const port = Number(new URL(first!.url).port);
  expect(await startAdmin({ ...settings, port }, { ...observer, logger })).toBeUndefined();
  expect(lines).toMatchObject([{ level: 40, err: { code: 'EADDRINUSE' } }]);
  await first!.close();
  expect(await startAdmin({ ...settings, enabled: false }, { ...observer, logger })).toBeUndefined();
});
