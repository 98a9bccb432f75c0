/** A visitor without a mouse. */
import type { Page } from 'playwright-core';

const focused = `(() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const label = at.getAttribute('aria-label') ?? at.labels?.[0]?.firstChild?.textContent ?? at.textContent;
  return at.tagName.toLowerCase() + ' ' + (label ?? '').trim();
})()`;

/** The element that has the focus, such as "button Search"; null when the focus is lost. */
export const focusedElement = (page: Page): Promise<string | null> => page.evaluate<string | null>(focused);

/** Presses Tab until the focus is on what is wanted; answers everything passed on the way. */
export async function tabTo(page: Page, wanted: string, most = 60): Promise<readonly string[]> {
  const passed: string[] = [];
  for (let press = 0; press < most; press += 1) {
    await page.keyboard.press('Tab');
    const at = await focusedElement(page);
    if (at === null) throw new Error(`The focus was lost after ${passed.join(', ') || 'the start'}`);
    passed.push(at);
    if (at === wanted) return passed;
  }
  throw new Error(`"${wanted}" was not reached by Tab; passed: ${passed.join(', ')}`);
}
