/**
 * Types of a REST client from an OpenAPI document. openapi-typescript needs TypeScript 5, so it lives in a folder of its own,
 * with a lock file of its own, and is installed when types are first written or checked: nothing else needs it. What it
 * writes is clean under the project's TypeScript as well (facade.md, O11).
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const FOLDER = 'scripts/client-types';
const COMMAND = `${FOLDER}/node_modules/.bin/openapi-typescript`;

/** The types for a document, as TypeScript. Throws when the tool cannot be installed, or the document cannot be read. */
export function generateClientTypes(document: string): string {
  if (!existsSync(COMMAND)) execFileSync('npm', ['ci', '--ignore-scripts', '--prefix', FOLDER], { stdio: 'ignore' });
  const options = ['--default-non-nullable=false', '--properties-required-by-default=false'];
  return execFileSync(COMMAND, [document, ...options], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
