/** F37: SIGTERM while the gateway starts, and twice while it stops, on a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const program = `
import { main } from './gateway/cli/main.ts';
const armed = setInterval(() => {
  if (process.listenerCount('SIGTERM') === 0) return;
  clearInterval(armed);
  console.log('armed');
}, 1);
process.exitCode = await main(['serve', '--config', process.argv[1]]);
`;

/** Resolves with the exit code; `on` is called with each line. */
async function serve(on: (line: string, send: () => void) => void): Promise<number | null> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-signals-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'tributary.yaml');
  writeFileSync(join(folder, 'a.graphql'), 'type Query { a: String }');
  writeFileSync(
    file,
    'server: { port: 0, admin: { enabled: false } }\nservices: { a: { schema: ./a.graphql, url: "http://127.0.0.1:1/" } }\n',
  );
  const args = ['--import', 'tsx', '--conditions=source', '--input-type=module', '-e', program, file];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.on('data', (data) => {
    for (const line of String(data).split('\n')) on(line, () => child.kill('SIGTERM'));
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

describe('F37 signals', { timeout: 120_000 }, () => {
  it('SIGTERM while it starts ends it with code 0', async () => {
    expect(await serve((line, send) => line === 'armed' && send())).toBe(0);
  });

  it('a second SIGTERM ends it at once with code 1', async () => {
    const code = await serve((line, send) => {
      if (!line.startsWith('GraphQL')) return;
      send();
      // Two signals that wait together are one; it stops for at least 100 ms.
      setTimeout(send, 30);
    });
    expect(code).toBe(1);
  });
});
