/** What stops a start (facade.md 2.5): a page of wrong documents, each with the exact text that is printed. */
import { describe, expect, it } from 'vitest';
import { FaultsError } from '../../../gateway/facade/index.ts';
import { openShop } from '../bookshop.ts';
import { fence, renderPage } from '../golden-page.ts';

const ACCEPTED = 'nothing is wrong with it';

/** What a start prints, with code, place, code frame and hint. */
function printedFor(text: string): string {
  try {
    openShop({ documents: [{ file: 'rest/v1/bad.graphql', text }] });
    return ACCEPTED;
  } catch (error) {
    if (!(error instanceof FaultsError)) throw error;
    return error.message;
  }
}

describe('createFacade refuses', () => {
  it('what a page of wrong documents has, each with the text that is printed', async () => {
    const page = renderPage(new URL('cases/boot-errors.md', import.meta.url), 'is refused with', (documents) => {
      const [{ text } = { text: '' }] = documents;
      return [fence('text', printedFor(text))];
    });
    expect(page.cases).toBeGreaterThanOrEqual(35);
    expect(page.text).not.toContain(ACCEPTED);
    await expect(page.text).toMatchFileSnapshot(page.path);
  });

  it('nothing in a file that is a comment as a whole', () => {
    const { facade } = openShop({ documents: [{ file: 'off.graphql', text: '# query Off {\n#   books\n' }] });
    expect(facade.routes).toEqual([]);
  });
});
