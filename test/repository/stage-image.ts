/**
 * The folder an image would contain, without Docker: the COPY lines of the Dockerfile are followed, the build is the real
 * one, node_modules is linked. So the commands of the image run as they are, and a forgotten COPY fails a test.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { environmentOf, execForm, readDockerfile, textsOf } from './dockerfile.ts';
import { root } from './root.ts';

export interface StagedImage {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  remove(): void;
}

export function stageImage(): StagedImage {
  const image = readDockerfile(join(root, 'Dockerfile')).at(-1)!;
  const folder = mkdtempSync(join(tmpdir(), 'tributary-image-'));
  try {
    for (const text of textsOf(image, 'COPY')) follow(text, folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const data = join(folder, 'data');
  return {
    folder,
    // Two values differ from the image: no test listens beyond the loopback address, or writes to /data.
    environment: { ...environmentOf(image), HOST: '127.0.0.1', DATA_DIR: data },
    command: execForm(textsOf(image, 'CMD')[0]!),
    healthCheck: execForm(textsOf(image, 'HEALTHCHECK')[0]!),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function follow(copyText: string, folder: string): void {
  const words = copyText.split(/\s+/).filter((word) => !word.startsWith('--'));
  const target = words.pop()!;
  for (const source of words) copy(source, join(folder, target.endsWith('/') ? target + basename(source) : target));
}

function copy(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  if (source === '/app/node_modules') symlinkSync(join(root, 'node_modules'), target, 'dir');
  else if (source === '/app/dist') build(target);
  else if (source === '/app/web/dist') copyPages(target);
  else cpSync(join(root, source), target, { recursive: true });
}

function build(target: string): void {
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const places = ['--outDir', target, '--tsBuildInfoFile', join(target, '.tsbuildinfo')];
  const { status, stdout } = spawnSync(tsc, ['-p', 'tsconfig.build.json', ...places], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The sources do not build:\n${stdout}`);
}

/** The pages may not be built yet when this runs; the gateway starts without them. */
function copyPages(target: string): void {
  const pages = join(root, 'web', 'dist');
  if (existsSync(pages)) cpSync(pages, target, { recursive: true });
  else mkdirSync(target, { recursive: true });
}
