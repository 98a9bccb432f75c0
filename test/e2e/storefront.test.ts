import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { openBrowser, openPage, type OpenPage } from './browser.ts';
import { chooseBooks, type ChosenBook } from './choose-books.ts';
import { focusedElement, tabTo } from './keyboard.ts';
import { StorefrontPage } from './storefront-page.ts';
import { startShop } from './start-shop.ts';

const choice = inject('browser');

describe.skipIf(choice.kind === 'none')('storefront', () => {
  let shop: Awaited<ReturnType<typeof startShop>>;
  let browser: Browser;
  let open: OpenPage;
  let store: StorefrontPage;
  // One for the walks, one for orders that are counted, one that is asked for too often.
  let book: ChosenBook;
  let counted: ChosenBook;
  let scarce: ChosenBook;

  beforeAll(async () => {
    [shop, browser] = await Promise.all([startShop(), openBrowser(choice)]);
    [book, counted, scarce] = await chooseBooks(shop.url);
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.close();
  });
  beforeEach(async () => {
    open = await openPage(browser);
    store = new StorefrontPage(open.page, shop.url);
  });
  afterEach(async () => {
    await open.close();
  });

  /** Nothing left this machine, and the browser had nothing to complain about. */
  const expectQuiet = () => expect({ outside: open.outside, errors: open.errors }).toEqual({ outside: [], errors: [] });

  it('lets a visitor search a book, read what four services know of it, order it and see the order', async () => {
    const { page } = open;
    await store.openList();
    expect(await store.books().count()).toBeGreaterThan(10);

    await store.search(book.title);
    expect(await store.resultCount().innerText()).toBe('1 book');
    await page.getByRole('link', { name: book.title, exact: true }).click();
    await page.waitForURL(`${shop.url}/books/${book.id}`);
    await store.loaded();

    expect(await store.heading().innerText()).toBe(book.title);
    expect(await page.getByRole('link', { name: book.author }).count()).toBe(1);
    expect(await page.getByText(book.life).count()).toBe(1);
    expect(await page.locator('.rating').innerText()).toMatch(/\d\.\d/);
    expect(await store.reviews().count()).toBe(5);
    const before = await store.stock();

    await store.order(2, 'Ada Lovelace');
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    expect(page.url()).toContain('/orders/');
    expect(await store.heading().innerText()).toBe('Your order');
    expect(await page.locator('.line-price').innerText()).toMatch(/^2 × /);

    await page.getByRole('link', { name: book.title, exact: true }).click();
    await store.loaded();
    await expect.poll(() => store.stock()).toBe(before - 2);
    expectQuiet();
  });

  it('shows more books on demand and puts the focus on the first new one', async () => {
    await store.openList();
    const shown = await store.books().count();
    await open.page.getByRole('button', { name: 'Show more books' }).click();
    await store.books().nth(shown).waitFor();
    const firstNew = await store.books().nth(shown).getByRole('link').innerText();
    await expect.poll(() => focusedElement(open.page)).toBe(`a ${firstNew}`);
    expectQuiet();
  });

  it('keeps the search in the address, so that the back button finds it again', async () => {
    const { page } = open;
    await store.openList();
    await store.search(book.title);
    await page.getByRole('link', { name: book.title, exact: true }).click();
    await store.loaded();
    await page.goBack();
    await store.resultCount().filter({ hasText: '1 book' }).waitFor();
    expect(await store.titleField().inputValue()).toBe(book.title);
    await page.goBack();
    await expect.poll(() => store.titleField().inputValue()).toBe('');
  });

  it('says that nothing fits a search, and offers the way back to all books', async () => {
    await store.openList();
    await store.search('zzzz no such book');
    await open.page.getByRole('heading', { name: 'No book fits this search' }).waitFor();
    expect(await store.resultCount().innerText()).toBe('0 books');
    await open.page.getByRole('link', { name: 'See all books' }).click();
    await store.books().first().waitFor();
    expectQuiet();
  });

  it('says that a book or an order does not exist', async () => {
    await store.openBook('no-such-book');
    expect(await store.heading().innerText()).toBe('There is no such book');
    await store.openOrder('00000000-0000-4000-8000-000000000000');
    expect(await store.heading().innerText()).toBe('There is no such order');
  });

  it('keeps the rest of a book while the reviews are down, and has them back after a retry', async () => {
    const { page } = open;
    await shop.stopService('reviews');
    try {
      await store.openBook(book.id);
      await page.getByText('Reviews can’t be shown right now').waitFor();
      await page.getByText('Rating can’t be shown right now').waitFor();
      expect(await store.heading().innerText()).toBe(book.title);
      expect(await page.getByRole('link', { name: book.author }).count()).toBe(1);
      expect(await store.stock()).toBeGreaterThan(0);

      await store.openList();
      await page.getByText(/ratings can’t be shown right now/).waitFor();
      expect(await store.books().count()).toBeGreaterThan(10);
      await store.openBook(book.id);
    } finally {
      await shop.startService('reviews');
    }
    // The gateway may hold back for a moment after failures; a visitor would press again.
    await expect
      .poll(
        async () => {
          if (await store.retryButton().isVisible()) await store.retryButton().click();
          return store.reviews().count();
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(5);
    expect(await page.getByText('can’t be shown right now').count()).toBe(0);
    expectQuiet();
  });

  it('says how many copies are left when an order asks for too many', async () => {
    const { page } = open;
    await store.openBook(scarce.id);
    const left = await store.stock();
    // Another visitor may have taken copies since the page was drawn; that is what the removed limit stands for.
    await page.getByLabel('Copies').evaluate((field: { max: string }) => (field.max = ''));
    await store.order(left + 1, 'Emma');
    await page
      .getByRole('alert')
      .filter({ hasText: left === 1 ? 'Only one copy is left' : `Only ${left} copies` })
      .waitFor();
    expect(await store.stock()).toBe(left);
  });

  it('places one order when the first answer is lost and the visitor presses again', async () => {
    const { page } = open;
    const keys: unknown[] = [];
    await page.route('**/graphql', async (route) => {
      const body = route.request().postDataJSON() as { operationName: string; variables: { idempotencyKey: string } };
      if (body.operationName !== 'PlaceOrder') return route.continue();
      keys.push(body.variables.idempotencyKey);
      if (keys.length > 1) return route.continue();
      // The order arrives at the shop; its answer does not arrive here.
      await route.fetch();
      return route.abort('connectionreset');
    });
    await store.openBook(counted.id);
    const before = await store.stock();
    await store.order(1, 'Ishmael');
    await page.getByRole('alert').filter({ hasText: 'it will not be placed twice' }).waitFor();
    await page.getByRole('button', { name: 'Place order' }).click();
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    expect(keys).toHaveLength(2);
    expect(keys[1]).toBe(keys[0]);

    await store.openBook(counted.id);
    expect(await store.stock()).toBe(before - 1);
  });

  it('follows an order that is still being placed, without a reload', async () => {
    const { page } = open;
    let asked = 0;
    await page.route('**/graphql', async (route) => {
      if ((route.request().postDataJSON() as { operationName: string }).operationName !== 'Order') {
        return route.continue();
      }
      const response = await route.fetch();
      const answer = (await response.json()) as { data: { order: { status: string; actions: string[] } } };
      asked += 1;
      if (asked === 1) Object.assign(answer.data.order, { status: 'OPEN', actions: [] });
      return route.fulfill({ response, json: answer });
    });
    await store.openBook(counted.id);
    await store.order(1, 'Starbuck');
    await page.getByRole('heading', { name: 'Being placed' }).waitFor();
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    expect(asked).toBe(2);
    expectQuiet();
  });

  it('cancels an order and says so', async () => {
    const { page } = open;
    await store.openBook(counted.id);
    await store.order(1, 'Queequeg');
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    await page.getByRole('button', { name: 'Cancel order' }).click();
    await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
    expect(await page.getByRole('button', { name: 'Cancel order' }).count()).toBe(0);
    expect(await focusedElement(page)).toBe('h2 Cancelled');
    expectQuiet();
  });

  it('shows at each field of a review what is wrong with it, then publishes it', async () => {
    const { page } = open;
    await store.openBook(book.id);
    await store.review(4, 'short', 'A reader of the tests');
    await page.locator('.field', { hasText: 'Your review' }).locator('.problem').waitFor();
    expect(await focusedElement(page)).toBe('textarea Your review');

    const text = 'Read twice in one week, and the second time slower.';
    await store.review(4, text, 'A reader of the tests');
    await page.getByText('Thank you. Your review is on the page.').waitFor();
    await store.reviews().filter({ hasText: text }).waitFor();

    await store.review(5, 'The same reader comes back with another opinion.', 'A reader of the tests');
    await page.locator('.review-form .form-problems p').first().waitFor();
    expectQuiet();
  });

  it('can be walked with the keyboard alone, from the search to the order', async () => {
    const { page } = open;
    await store.openList();
    expect((await tabTo(page, 'a Skip to the content'))[0]).toBe('a Skip to the content');
    await tabTo(page, 'input Title');
    await page.keyboard.type(book.title);
    await page.keyboard.press('Enter');
    await store.resultCount().filter({ hasText: '1 book' }).waitFor();
    await tabTo(page, `a ${book.title}`);
    await page.keyboard.press('Enter');
    await store.loaded();
    await expect.poll(() => focusedElement(page)).toBe(`h1 ${book.title}`);
    await tabTo(page, 'input Your name');
    await page.keyboard.type('Emma Rouault');
    await tabTo(page, 'button Place order');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    expect(await focusedElement(page)).toBe('h1 Your order');
    expectQuiet();
  });

  it('says that the shop cannot be reached when it is gone, and recovers by the retry button', async () => {
    const { page } = open;
    await page.route('**/graphql', (route) => route.abort('connectionrefused'));
    await page.goto(shop.url);
    await page.getByRole('heading', { name: 'The books can’t be shown right now' }).waitFor();
    await page.unroute('**/graphql');
    await store.retryButton().click();
    await store.books().first().waitFor();
  });
});
