import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFileSource } from '../../../gateway/upstream/discovery/file.ts';
import { watchSource } from './watch-source.ts';

function startFile(text: string | undefined, pollMs: number) {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-instances-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'reviews.yaml');
  const write = (content: string) => {
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  };
  if (text !== undefined) write(text);
  return { path, write, watched: watchSource(createFileSource({ type: 'file', path, pollMs })) };
}

test('a list of addresses and objects is the set; a file that is replaced is read at once, without a poll', async () => {
  const { write, watched } = startFile(
    '- http://127.0.0.1:4103\n- { addr: reviews-2, port: 80, weight: 2, zone: b }\n',
    3_600_000,
  );
  await watched.untilAddresses('127.0.0.1:4103', 'reviews-2:80');
  expect(watched.sets[0]).toEqual([
    { addr: '127.0.0.1', port: 4103, weight: 1, scheme: 'http', state: 'ready' },
    { addr: 'reviews-2', port: 80, weight: 2, zone: 'b', state: 'ready' },
  ]);
  write('["http://127.0.0.1:4104"]');
  await watched.untilAddresses('127.0.0.1:4104');
});

test.each(['- [', 'addresses: none', '- not an address'])('%j is refused, and the old set stays', async (garbage) => {
  const { write, watched } = startFile('- 127.0.0.1:4103', 10);
  await watched.untilAddresses('127.0.0.1:4103');
  write(garbage);
  await watched.untilEvent('registry-lost');
  expect(watched.addresses()).toEqual(['127.0.0.1:4103']);
  write('- 127.0.0.1:4105');
  await watched.untilAddresses('127.0.0.1:4105');
});

test('a file that is not there yet is waited for', async () => {
  const { write, watched } = startFile(undefined, 10);
  await watched.untilEvent('registry-lost');
  expect(watched.kept.status().instances).toEqual([]);
  write('- 127.0.0.1:4103');
  await watched.untilAddresses('127.0.0.1:4103');
});
