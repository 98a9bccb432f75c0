/**
 * For `node --import`: prints the address of every module a program loads, ES modules by a loader hook, CommonJS by its
 * cache, as lines "loaded <address>" on stderr.
 */
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { writeSync } from 'node:fs';

const hook = `
  import { writeSync } from 'node:fs';
  export async function load(url, context, next) {
    writeSync(2, 'loaded ' + url + '\\n');
    return next(url, context);
  }`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

const { cache } = createRequire(import.meta.url);
process.on('exit', () => {
  for (const file of Object.keys(cache)) writeSync(2, `loaded ${pathToFileURL(file).href}\n`);
});
