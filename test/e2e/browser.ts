/**
 * A page in a real browser that notices what a visitor must never meet: a request that leaves this machine (refused, and
 * recorded), an error in the browser's console, a violation of our content policy. experience.md 7.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { BrowserChoice } from './unpack-browser.ts';

export async function openBrowser(choice: BrowserChoice): Promise<Browser> {
  if (choice.kind === 'none') throw new Error(choice.reason);
  // Not chromium.args of the package: they switch web security off, and CORS tests would pass whatever we do.
  return chromium.launch({
    executablePath: choice.executablePath,
    headless: true,
    args: ['--no-sandbox'],
    env: { ...(process.env as Record<string, string>), ...choice.env },
  });
}

export interface OpenPage {
  readonly page: Page;
  /** Addresses beyond 127.0.0.1 the page asked for. All were refused. */
  readonly outside: readonly string[];
  /** Errors in the console, uncaught ones and policy violations among them. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export interface PageOptions {
  readonly colorScheme?: 'light' | 'dark';
  /** What happens to a request that leaves the machine: refused at once, or left without an answer. */
  readonly outsideRequests?: 'refuse' | 'hang';
}

/** Opens a page with its own cookies and storage. */
export async function openPage(browser: Browser, options: PageOptions = {}): Promise<OpenPage> {
  const { colorScheme = 'light', outsideRequests = 'refuse' } = options;
  const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce', locale: 'en-US' });
  const outside: string[] = [];
  const errors: string[] = [];
  await context.route(
    (url) => url.hostname !== '127.0.0.1',
    async (route) => {
      outside.push(route.request().url());
      if (outsideRequests === 'refuse') await route.abort('internetdisconnected');
    },
  );
  await context.addInitScript(
    `addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI));`,
  );
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { page, outside, errors, close: () => context.close() };
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong on the page as it is now, one line a place. */
export async function findAxeViolations(page: Page): Promise<readonly string[]> {
  // As a script tag it would be blocked by our own policy.
  await page.evaluate(axeSource);
  const violations = await page.evaluate<readonly AxeViolation[]>('axe.run().then((results) => results.violations)');
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
}
