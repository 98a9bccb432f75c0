/** Builds the pages when they are older than their sources, so that no test looks at a stale page. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Builds web/dist unless it is newer than everything below web/. */
export function buildWeb(root: string): void {
  const web = join(root, 'web');
  const manifest = join(web, 'dist/manifest.json');
  if (existsSync(manifest) && statSync(manifest).mtimeMs > newest(web)) return;
  // A process of its own: vitest's NODE_ENV would put React's development build into the pages.
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', join(web, 'vite.config.ts')],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
  );
  if (status !== 0) throw new Error(`The pages do not build: ${stderr}`);
}

function newest(folder: string): number {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist') continue;
    const path = join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return time;
}
