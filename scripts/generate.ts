/** Writes every generated file, or with --check says which are stale (exit code 1). */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { generatedFiles } from './generated-files.ts';

const isChecking = process.argv.includes('--check');
const stale: string[] = [];
for (const { file, build, isFormatted } of generatedFiles) {
  const raw = await build();
  const text = isFormatted ? await format(raw, { ...(await resolveConfig(file)), filepath: file }) : raw;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  stale.push(file);
  if (!isChecking) writeFileSync(file, text);
}
if (stale.length === 0) console.log('Generated files are up to date');
else console.log(`${isChecking ? 'Stale, run "npm run generate"' : 'Written'}: ${stale.join(', ')}`);
process.exitCode = isChecking && stale.length > 0 ? 1 : 0;
