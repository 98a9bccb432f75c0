/**
 * Importers against pages of cases: each section has documents of another product, what they become, and what is warned of.
 * `vitest -u` writes the second and third anew; the first is never touched.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { importHasura } from '../../../gateway/facade/import/hasura.ts';
import { importHotChocolate } from '../../../gateway/facade/import/hot-chocolate.ts';
import type { Importer } from '../../../gateway/facade/import/imported.ts';
import { importTailcall } from '../../../gateway/facade/import/tailcall.ts';

const products: readonly (readonly [string, Importer])[] = [
  ['hot-chocolate', importHotChocolate],
  ['tailcall', importTailcall],
  ['hasura', importHasura],
];

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n`;

/** A section as it has to be: its documents, then what they become. */
function renderSection(section: string, importer: Importer): string {
  const [input = ''] = section.split('\nbecomes\n');
  const sources = [...input.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language, text = ''], i) => ({
    file: `${i + 1}.${language}`,
    text,
  }));
  const { documents, warnings } = importer(sources);
  const written = documents.map(({ file, text }) => `\`${file}\`\n\n${fence('graphql', text)}`);
  const told = warnings.map(({ message, range }) => `${range!.file}:${range!.line}:${range!.column} ${message}`);
  return [
    `${input.trimEnd()}\n`,
    'becomes\n',
    ...(written.length > 0 ? written : ['nothing\n']),
    ...(told.length > 0 ? ['with\n', fence('text', told.join('\n'))] : []),
  ].join('\n');
}

test.each(products)('every case of %s becomes what its page says', async (product, importer) => {
  const file = new URL(`cases/${product}.md`, import.meta.url);
  const [title = '', ...sections] = readFileSync(file, 'utf8').split(/^(?=## )/m);
  expect(sections.length).toBeGreaterThanOrEqual(10);
  const page = [title, ...sections.map((section) => `${renderSection(section, importer)}\n`)].join('');
  await expect(`${page.trimEnd()}\n`).toMatchFileSnapshot(file.pathname);
});
