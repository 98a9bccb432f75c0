/** The Dockerfile, as text: what an image must be. What its commands do is in image.test.ts. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentOf, execForm, readDockerfile, textsOf } from './dockerfile.ts';
import { root } from './root.ts';

const stages = readDockerfile(join(root, 'Dockerfile'));
const image = stages.at(-1)!;

describe('Dockerfile', () => {
  test('builds in one stage, installs what runs in another, and ships neither', () => {
    expect(stages.map(({ alias }) => alias)).toEqual(['build', 'dependencies', undefined]);
    expect(textsOf(image, 'RUN').join('\n')).not.toMatch(/npm|apt|curl|wget/);
  });

  test('uses one pinned line of Node in every stage', () => {
    expect(new Set(stages.map((stage) => stage.image))).toEqual(new Set(['node:24-slim']));
  });

  test('installs by the lock file, without install scripts, and without development packages in the image', () => {
    const installs = stages.map((stage) => textsOf(stage, 'RUN').filter((text) => text.startsWith('npm ci')));
    expect(installs).toEqual([['npm ci --ignore-scripts'], ['npm ci --omit=dev --ignore-scripts'], []]);
  });

  test('runs as a numeric user that is not root, set after the last command that needs to be root', () => {
    expect(textsOf(image, 'USER')).toEqual(['1000']);
    const names = image.instructions.map(({ name }) => name);
    expect(names.lastIndexOf('RUN')).toBeLessThan(names.indexOf('USER'));
  });

  test('gives its programs no file they could write, except their data folder', () => {
    expect(textsOf(image, 'COPY').filter((text) => text.includes('--chown'))).toEqual([]);
    expect(textsOf(image, 'RUN')).toEqual(['mkdir /data && chown 1000:1000 /data']);
  });

  test('has a health check and a command in exec form, so that signals reach Node', () => {
    const [check, ...others] = textsOf(image, 'HEALTHCHECK');
    expect(others).toEqual([]);
    expect(execForm(check!)).toEqual(['node', 'deploy/health-check.js']);
    expect(textsOf(image, 'CMD').map(execForm)).toEqual([
      ['node', 'bin/tributary.js', 'serve', '--config', 'deploy/tributary.docker.yaml'],
    ]);
    expect(textsOf(image, 'ENTRYPOINT')).toEqual([]);
  });

  test('carries no secret', () => {
    expect(Object.keys(environmentOf(image))).toEqual(['NODE_ENV', 'HOST', 'DATA_DIR']);
    expect(stages.flatMap((stage) => textsOf(stage, 'ARG'))).toEqual([]);
  });

  test('copies only what is there, and .dockerignore lets it through', () => {
    const sources = stages
      .flatMap((stage) => textsOf(stage, 'COPY'))
      .filter((text) => !text.startsWith('--from='))
      .flatMap((text) => text.split(/\s+/).slice(0, -1));
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    const allowed = readFileSync(join(root, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    const blocked = sources.filter((source) => !allowed.includes(`!${source.split('/')[0]}`));
    expect(blocked).toEqual([]);
  });
});
