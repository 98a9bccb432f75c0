// F38: SIGKILL of one instance behind nginx, with the nginx.conf of docs/how-to/server-side-discovery.md.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createUpstream } from 'tributary-gateway/upstream';
import { readText } from '../repository/root.ts';
import { findFreePort } from '../repository/run-program.ts';

const hasNginx = spawnSync('nginx', ['-v']).error === undefined;

async function startInstance(port: number, ...mode: string[]) {
  const program = join(import.meta.dirname, 'held-instance.js');
  const child = spawn(process.execPath, [program, String(port), ...mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  const methods: string[] = [];
  const isListening = new Promise<void>((resolve) =>
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      methods.push(...text.split('\n').filter((line) => line !== '' && line !== 'listening'));
      if (text.includes('listening')) resolve();
    }),
  );
  onTestFinished(() => kill(child));
  await isListening;
  return { methods, kill: () => kill(child) };
}

async function kill(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** The file of the page, with ports that are free. */
async function startNginx(ports: { readonly front: number; readonly one: number; readonly other: number }) {
  const page = readText('docs/how-to/server-side-discovery.md');
  const file = /^```nginx\n([\s\S]*?)^```/m.exec(page)![1]!;
  const folder = mkdtempSync(join(tmpdir(), 'tributary-nginx-'));
  // The worker of an nginx that root starts is somebody else.
  chmodSync(folder, 0o755);
  writeFileSync(
    join(folder, 'nginx.conf'),
    file.replace('8080', String(ports.front)).replace('4101', String(ports.one)).replace('4102', String(ports.other)),
  );
  const child = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-g', 'daemon off;'], { stdio: 'ignore' });
  onTestFinished(async () => {
    const gone = once(child, 'exit');
    // At once; the worker goes with it.
    child.kill('SIGTERM');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  });
  const isUp = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(ports.front, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
  while (!(await isUp())) await sleep(20);
}

// Skipped where Debian's package "nginx" is not installed.
test.skipIf(!hasNginx)(
  'F38 SIGKILL behind nginx: what may be repeated is repeated by nginx, each POST in flight is one 502, nothing is done twice',
  async () => {
    const ports = { front: await findFreePort(), one: await findFreePort(), other: await findFreePort() };
    const [one, other] = await Promise.all([startInstance(ports.one, 'hold'), startInstance(ports.other)]);
    await startNginx(ports);
    const upstream = createUpstream({
      settings: { retry: { retries: 0 }, coalesce: false, breaker: { enabled: false } },
    });
    onTestFinished(() => upstream.close());
    const send = async (method: string) => {
      const { status } = await upstream.call({
        service: 'reviews',
        method,
        url: `http://127.0.0.1:${ports.front}/reviews`,
        headers: method === 'POST' ? { 'content-type': 'application/json' } : {},
        ...(method === 'POST' ? { body: '{}' } : {}),
        context: {
          signal: new AbortController().signal,
          deadlineAt: performance.now() + 30_000,
          identity: '',
          requestId: 'r-1',
        },
      });
      return status;
    };
    const gets = Array.from({ length: 10 }, () => send('GET'));
    const posts = Array.from({ length: 10 }, () => send('POST'));
    const seen = ({ methods }: typeof one, wanted: string) => methods.filter((method) => method === wanted).length;
    while (one.methods.length + other.methods.length < 20) await sleep(10);
    const [held, done] = [seen(one, 'POST'), seen(other, 'POST')];
    // nginx takes turns, so that each has both kinds.
    expect([seen(one, 'GET') > 0, held > 0, held + done]).toEqual([true, true, 10]);
    await one.kill();

    expect(await Promise.all(gets)).toEqual(Array.from({ length: 10 }, () => 200));
    const ends = await Promise.all(posts);
    expect([ends.filter((status) => status === 502).length, ends.filter((status) => status === 200).length]).toEqual([
      held,
      done,
    ]);
    expect(seen(other, 'POST')).toBe(done);
    // Nobody listens there any more: what was never sent goes to the other, a POST too.
    for (const method of ['GET', 'POST', 'GET', 'POST']) expect(await send(method)).toBe(200);
  },
);
