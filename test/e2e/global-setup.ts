/** Once a run, before any worker: the pages are built and the browser is unpacked (experience.md 7). */
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { buildWeb } from './build-web.ts';
import { chooseBrowser, type BrowserChoice } from './unpack-browser.ts';

declare module 'vitest' {
  interface ProvidedContext {
    browser: BrowserChoice;
  }
}

export function setup(project: TestProject): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  buildWeb(root);
  const browser = chooseBrowser(root);
  if (browser.kind === 'none') {
    if (process.env['CI']) throw new Error(`The browser tests cannot run: ${browser.reason}`);
    console.warn(`The browser tests are skipped: ${browser.reason}`);
  }
  project.provide('browser', browser);
}
