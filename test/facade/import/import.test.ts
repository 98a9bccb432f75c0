/** Importers against pages of cases: documents of another product, what they become, and what is warned of. */
import { expect, test } from 'vitest';
import { importHasura } from '../../../gateway/facade/import/hasura.ts';
import { importHotChocolate } from '../../../gateway/facade/import/hot-chocolate.ts';
import type { Importer } from '../../../gateway/facade/import/imported.ts';
import { importTailcall } from '../../../gateway/facade/import/tailcall.ts';
import { fence, renderPage } from '../golden-page.ts';

const products: readonly (readonly [string, Importer])[] = [
  ['hot-chocolate', importHotChocolate],
  ['tailcall', importTailcall],
  ['hasura', importHasura],
];

test.each(products)('every case of %s becomes what its page says', async (product, importer) => {
  const page = renderPage(new URL(`cases/${product}.md`, import.meta.url), 'becomes', (sources) => {
    const { documents, warnings } = importer(sources);
    const written = documents.map(({ file, text }) => `\`${file}\`\n\n${fence('graphql', text)}`);
    const told = warnings.map(({ message, range }) => `${range!.file}:${range!.line}:${range!.column} ${message}`);
    return [
      ...(written.length > 0 ? written : ['nothing\n']),
      ...(told.length > 0 ? ['with\n', fence('text', told.join('\n'))] : []),
    ];
  });
  expect(page.cases).toBeGreaterThanOrEqual(10);
  await expect(page.text).toMatchFileSnapshot(page.path);
});
