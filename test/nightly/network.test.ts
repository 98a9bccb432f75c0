// F53, F54 and F58 of the fault table: a narrow network, one that loses packets, and one that is split in one direction. Each test has
// a network of its own (`unshare`, `ip` and `tc`, Debian package iproute2, and the right to use them).
import { spawnSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../repository/root.ts';
import { runProgram } from '../repository/run-program.ts';
import { dropShare, FILTER_PLACE } from './drop-packets.ts';
import { runCalls, type RunCallsOptions } from './run-calls.ts';
import type { SplitResult } from './split-program.ts';

const start = 'ip link set lo up';
const service = 'http://127.0.0.1:4999';

beforeAll(() => {
  const { status } = spawnSync('unshare', ['-n', 'sh', '-c', `${start} && tc ${FILTER_PLACE}`]);
  expect(status, 'unshare, ip and tc').toBe(0);
});

/** With a service on port 4999 in a network that `tc` makes as the test wants it. */
const runCallsIn = (network: readonly string[], options: RunCallsOptions) => {
  const script = [start, ...network.map((text) => `tc ${text}`), 'exec "$@"'].join(' && ');
  const command = ['unshare', '-n', 'sh', '-c', script, 'sh', process.execPath, 'test/nightly/host.js'];
  return runCalls({ ...options, under: command });
};

test('F53 over 256 kbit/s an answer of 1 MB ends at the attempt limit, and a small one arrives', async () => {
  const [large, small] = await runCallsIn(['qdisc add dev lo root tbf rate 256kbit burst 16kb latency 400ms'], {
    settings: { retry: { retries: 0 }, deadline: { callMs: 6000, attemptMs: 3000, headersMs: 3000, bodyIdleMs: 3000 } },
    phases: [[`${service}/large`], [`${service}/small`]],
  });
  expect(large).toMatchObject([{ end: 'UPSTREAM_TIMEOUT', reason: 'deadline.attempt, 3000 ms' }]);
  expect(small).toMatchObject([{ end: '200' }]);
});

test('F54 with 30 % of the packets lost most calls succeed, and every one ends within its limit', async () => {
  const [calls] = await runCallsIn([FILTER_PLACE, dropShare(0.3)], {
    settings: { breaker: { enabled: false } },
    phases: [Array.from({ length: 100 }, (_, n) => `${service}/${n}`)],
  });
  const ends = calls!.map(({ end }) => end);
  expect(ends.filter((end) => !['200', 'UPSTREAM_UNREACHABLE', 'UPSTREAM_TIMEOUT'].includes(end))).toEqual([]);
  expect(ends.filter((end) => end === '200').length).toBeGreaterThan(50);
  // A second more than the limit, for a machine that has other things to do.
  expect(calls!.filter(({ durationMs }) => durationMs > 11_000)).toEqual([]);
  expect(calls!.some(({ attempts }) => attempts > 1)).toBe(true);
});

test('F58 the way to a service is lost, not the way back: its breaker opens, what it asks is answered, and it comes back by itself', async () => {
  const program = ['node', '--import', 'tsx', '--conditions=source', 'test/nightly/split-program.ts'];
  const command = ['unshare', '-n', 'sh', '-c', `${start} && exec "$@"`, 'sh', process.execPath, ...program.slice(1)];
  const { code, out, err } = await runProgram(command, { folder: root });
  expect([code, err]).toEqual([0, '']);
  const { before, during, after, asked, answered, transitions } = JSON.parse(out) as SplitResult;
  expect(new Set(before)).toEqual(new Set(['answered']));
  // All that reach for it fail, until the breaker opens; then nobody waits.
  expect(during.indexOf('CIRCUIT_OPEN')).toBeGreaterThanOrEqual(20);
  expect(during).not.toContain('answered');
  expect(after).toBe('answered');
  expect([answered, asked > 0]).toEqual([asked, true]);
  expect(transitions.slice(0, 1)).toEqual(['books open']);
  expect(transitions.filter((text) => text.startsWith('authors'))).toEqual([]);
});
