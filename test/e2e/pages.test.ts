import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { findAxeViolations, openBrowser, openPage, type OpenPage, type PageOptions } from './browser.ts';
import { chooseBooks } from './choose-books.ts';
import { StorefrontPage } from './storefront-page.ts';
import { startShop } from './start-shop.ts';

const choice = inject('browser');
const sandboxHost = 'https://embeddable-sandbox.cdn.apollographql.com/';
const notice = 'Apollo Sandbox could not be loaded; this is the bundled console';

const expectQuiet = ({ outside, errors }: OpenPage) => expect({ outside, errors }).toEqual({ outside: [], errors: [] });
const answer = ({ page }: OpenPage) => page.getByRole('textbox', { name: 'Response' });

describe.skipIf(choice.kind === 'none')('pages', () => {
  let shop: Awaited<ReturnType<typeof startShop>>;
  let browser: Browser;
  let bookPath: string;
  const opened: OpenPage[] = [];

  beforeAll(async () => {
    [shop, browser] = await Promise.all([startShop(), openBrowser(choice)]);
    const [book] = await chooseBooks(shop.url);
    bookPath = `/books/${book.id}`;
  });
  afterEach(async () => {
    for (const page of opened.splice(0)) await page.close();
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.close();
  });

  const visit = async (path: string, options?: PageOptions): Promise<OpenPage> => {
    const open = await openPage(browser, options);
    opened.push(open);
    await open.page.goto(`${shop.url}${path}`);
    return open;
  };
  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each([
      ['the list', () => '/', 'h2 a'],
      ['an empty search', () => '/?title=zzzz', '.failure h2'],
      ['a book', () => bookPath, '.review-list'],
      ['an unknown book', () => '/books/no-such-book', '.failure h1'],
      ['the console', () => '/console', '.schema details'],
      ['the comparison', () => '/compare', '#shows:not(:empty)'],
    ])('%s has no axe violation, no error and no request beyond this machine', async (_name, path, ready) => {
      const open = await visit(path(), { colorScheme });
      await open.page.locator(ready).first().waitFor();
      expect(await findAxeViolations(open.page)).toEqual([]);
      expectQuiet(open);
    });

    it('a book without its reviews and an order have no axe violation', async () => {
      const open = await visit(bookPath, { colorScheme });
      const store = new StorefrontPage(open.page, shop.url);
      await store.order(1, 'Charles');
      await open.page.getByRole('heading', { name: 'Confirmed' }).waitFor();
      expect(await findAxeViolations(open.page)).toEqual([]);

      await shop.stopService('reviews');
      try {
        await open.page.goto(`${shop.url}${bookPath}`);
        await open.page.getByText('Reviews can’t be shown right now').waitFor();
        expect(await findAxeViolations(open.page)).toEqual([]);
      } finally {
        await shop.startService('reviews');
      }
      expectQuiet(open);
    });
  });

  it('GET /graphql gives a browser the console, which runs a sample query by Ctrl+Enter', async () => {
    const open = await visit('/graphql');
    await open.page.getByRole('textbox', { name: 'Operation' }).getByText('books', { exact: true }).waitFor();
    await open.page.getByRole('textbox', { name: 'Operation' }).focus();
    await open.page.keyboard.press('Control+Enter');
    await open.page.getByText(/^HTTP 200 · \d+ ms/).waitFor();
    await answer(open).getByText('"data"').waitFor();
    expect(await findAxeViolations(open.page)).toEqual([]);
    expectQuiet(open);
  });

  it('the comparison measures a task on this gateway, and shows what six clients needed', async () => {
    const open = await visit('/compare');
    await open.page.locator('#shows:not(:empty)').waitFor();
    await open.page.getByRole('spinbutton', { name: /Timed runs/ }).fill('1');
    await open.page.getByRole('spinbutton', { name: /Simulated/ }).fill('0');
    await open.page.getByRole('button', { name: 'Measure' }).click();
    await open.page.getByText('Measured.', { exact: true }).waitFor();
    await open.page.getByRole('rowheader', { name: '1. one book' }).waitFor();
    expect(await open.page.getByRole('img', { name: /requests, / }).count()).toBe(6);
    expect(await findAxeViolations(open.page)).toEqual([]);
    expectQuiet(open);
  });

  it('the comparison says what is wrong with a need', async () => {
    const open = await visit('/compare');
    await open.page.locator('#shows:not(:empty)').waitFor();
    await open.page.getByRole('textbox', { name: /The need/ }).fill('{ nothing }');
    await open.page.getByRole('button', { name: 'Measure' }).click();
    await open.page.getByText(/^Not measured: .*nothing/).waitFor();
  });

  it('the console runs the query, the variables and the headers of its address', async () => {
    const search = new URLSearchParams({
      query: 'query Title($id: ID!) { book(id: $id) { title } }',
      variables: '{"id": "madame-bovary"}',
      headers: '{"x-asked-by": "a test"}',
    });
    const open = await visit(`/console?${search.toString()}`);
    const [request] = await Promise.all([
      open.page.waitForRequest((sent) => sent.postData()?.includes('query Title') ?? false),
      open.page.getByRole('button', { name: 'Run' }).click(),
    ]);
    expect(await request.headerValue('x-asked-by')).toBe('a test');
    await answer(open).getByText('"Madame Bovary"').waitFor();
    expectQuiet(open);
  });

  it('the console offers its samples, which all fit this graph, and what was run before', async () => {
    const open = await visit('/console?query=%7B__typename%7D');
    await open.page.locator('.schema details').first().waitFor();
    expect(await open.page.locator('optgroup[label="Samples"] option').count()).toBe(5);
    expect(await open.page.locator('optgroup[label="Run before"]').count()).toBe(0);
    await open.page.getByRole('button', { name: 'Run' }).click();
    await open.page.locator('optgroup[label="Run before"] option').waitFor({ state: 'attached' });
    await open.page.getByRole('combobox', { name: 'Open an operation' }).selectOption('One book');
    await open.page.getByRole('textbox', { name: 'Variables, as JSON' }).getByText('"madame-bovary"').waitFor();
  });

  it('the console formats an operation, and says where one does not parse', async () => {
    const open = await visit('/console?query=%7Bbooks%7BtotalCount%7D%7D');
    await open.page.getByRole('button', { name: 'Prettify' }).click();
    const operation = open.page.getByRole('textbox', { name: 'Operation' });
    await expect.poll(() => operation.innerText()).toBe('{\n  books {\n    totalCount\n  }\n}\n\n');
    await operation.fill('{ books {');
    await open.page.getByRole('button', { name: 'Prettify' }).click();
    await open.page.getByText(/^It can’t be formatted: Syntax Error/).waitFor();
  });

  it('the console completes field names from the schema', async () => {
    const open = await visit(`/console?query=${encodeURIComponent('{ b }')}`);
    await open.page.locator('.schema details').first().waitFor();
    await open.page.getByRole('textbox', { name: 'Operation' }).click();
    await open.page.keyboard.press('Control+Home');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight']) await open.page.keyboard.press(key);
    await open.page.keyboard.type('oo');
    await open.page.locator('.cm-tooltip-autocomplete').getByText('books').waitFor();
  });

  it('the console says in words that variables are not JSON, and sends nothing', async () => {
    const open = await visit('/console?query=%7B__typename%7D&variables=%7Boops');
    await open.page.getByRole('button', { name: 'Run' }).click();
    await open.page.getByText(/^Variables are not JSON/).waitFor();
    expectQuiet(open);
  });

  it('the console shows a notice as text and never as markup', async () => {
    const open = await visit(`/console?notice=${encodeURIComponent('<b id="bold">Hello</b>')}`);
    await open.page.getByText('<b id="bold">Hello</b>').waitFor();
    expect(await open.page.locator('#bold').count()).toBe(0);
  });

  it('the console names the setting when introspection is off', async () => {
    const open = await openPage(browser);
    opened.push(open);
    await open.page.route('**/graphql', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      const message = 'GraphQL introspection is not allowed by Apollo Server, but the query contained __schema';
      return route.fulfill({ json: { errors: [{ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] } });
    });
    await open.page.goto(`${shop.url}/console`);
    await open.page.locator('.note').getByText('server.introspection').waitFor();
    expect(await open.page.locator('.schema details').count()).toBe(0);
  });

  it.each(['refuse', 'hang'] as const)(
    'Apollo Sandbox gives way to the console when outside requests are answered by: %s',
    async (outsideRequests) => {
      const open = await visit('/graphql?ide=sandbox', { outsideRequests });
      await open.page.getByText(notice).waitFor({ timeout: 10_000 });
      expect(new URL(open.page.url()).pathname).toBe('/console');
      expect(open.outside).toHaveLength(1);
      expect(open.outside[0]?.startsWith(sandboxHost)).toBe(true);
      expect(open.errors.filter((error) => error.startsWith('policy'))).toEqual([]);
    },
  );

  it('Apollo Sandbox is asked to show the query plan and the connectors', async () => {
    const open = await openPage(browser);
    opened.push(open);
    await open.page.route(`${sandboxHost}**`, (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: 'window.EmbeddedSandbox = class { constructor(options) { window.sandboxOptions = options; } };',
      }),
    );
    await open.page.goto(`${shop.url}/graphql?ide=sandbox&query=%7B__typename%7D`);
    await open.page.waitForFunction('window.sandboxOptions !== undefined');
    expect(await open.page.evaluate('window.sandboxOptions')).toEqual({
      target: '#sandbox',
      initialEndpoint: `${shop.url}/graphql`,
      initialSubscriptionEndpoint: `${shop.url}/graphql`,
      initialRequestQueryPlan: true,
      initialRequestConnectorsDebugging: true,
      endpointIsEditable: false,
      hideCookieToggle: false,
      runTelemetry: false,
      initialState: { includeCookies: true, document: '{__typename}' },
    });
  });

  it('GET /rest/docs lists the operations of the facade, offline', async () => {
    const open = await visit('/rest/docs');
    await open.page.locator('.opblock').first().waitFor();
    expect(await open.page.locator('.opblock-summary-path').allInnerTexts()).toContain('/books');
    expectQuiet(open);
  });
});
