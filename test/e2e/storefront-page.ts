/** The storefront as a visitor handles it: by what is written on it. */
import type { Locator, Page } from 'playwright-core';

export class StorefrontPage {
  readonly #page: Page;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.#page = page;
    this.#url = url;
  }

  async openList(search = ''): Promise<void> {
    await this.#page.goto(`${this.#url}/${search}`);
    await this.resultCount().filter({ hasText: /book/ }).filter({ hasNotText: 'Looking' }).waitFor();
  }

  async openBook(id: string): Promise<void> {
    await this.#page.goto(`${this.#url}/books/${id}`);
    await this.loaded();
  }

  async openOrder(id: string): Promise<void> {
    await this.#page.goto(`${this.#url}/orders/${id}`);
    await this.loaded();
  }

  /** Until nothing on the page is a placeholder any more. */
  async loaded(): Promise<void> {
    await this.#page.locator('h1').waitFor({ state: 'attached' });
    await this.#page.locator('.skeleton').first().waitFor({ state: 'detached' });
  }

  async search(title: string): Promise<void> {
    await this.titleField().fill(title);
    await this.#page.getByRole('button', { name: 'Search' }).click();
    await this.#page.waitForURL(/\?title=/);
    await this.resultCount().filter({ hasNotText: 'Looking' }).waitFor();
  }

  async order(copies: number, name: string): Promise<void> {
    await this.#page.getByLabel('Copies').fill(String(copies));
    await this.#page.getByLabel('Your name').fill(name);
    await this.#page.getByRole('button', { name: 'Place order' }).click();
  }

  async review(rating: number, text: string, name: string): Promise<void> {
    if (rating > 0) await this.#page.getByRole('radio', { name: new RegExp(`^${rating}`) }).check();
    await this.#page.getByLabel('Your review').fill(text);
    await this.#page.getByLabel('Name to show').fill(name);
    await this.#page.getByRole('button', { name: 'Publish review' }).click();
  }

  /** Copies to be had, as the book's page says. */
  async stock(): Promise<number> {
    const said = await this.#page.locator('.panel .stock').innerText();
    if (said === 'Sold out') return 0;
    return said === 'Last copy' ? 1 : Number(/\d+/.exec(said)?.[0]);
  }

  titleField(): Locator {
    return this.#page.getByRole('searchbox', { name: 'Title' });
  }

  heading(): Locator {
    return this.#page.getByRole('heading', { level: 1 });
  }

  resultCount(): Locator {
    return this.#page.locator('.result-count');
  }

  books(): Locator {
    return this.#page.locator('.card:not(.skeleton)');
  }

  reviews(): Locator {
    return this.#page.locator('.review-list > li');
  }

  retryButton(): Locator {
    return this.#page.getByRole('button', { name: 'Try again' });
  }
}
