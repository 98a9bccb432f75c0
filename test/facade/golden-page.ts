/**
 * Pages of cases with what comes out of them: a section has documents in fenced blocks, then a line with one marker, then the
 * outcome. `vitest -u` writes the outcomes anew and leaves the documents as they are.
 */
import { readFileSync } from 'node:fs';

export interface GoldenDocument {
  /** Number of the block and its language: `1.graphql`. */
  readonly file: string;
  readonly text: string;
}

export interface GoldenPage {
  readonly path: string;
  readonly cases: number;
  /** The page as it has to be. */
  readonly text: string;
}

export const fence = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n`;

/** Reads a page and writes it anew, with `render` for what follows the marker of each section. */
export function renderPage(
  url: URL,
  marker: string,
  render: (documents: readonly GoldenDocument[]) => readonly string[],
): GoldenPage {
  const [title = '', ...sections] = readFileSync(url, 'utf8').split(/^(?=## )/m);
  const written = sections.map((section) => {
    const [input = ''] = section.split(`\n${marker}\n`);
    const documents = [...input.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language, text = ''], i) => ({
      file: `${i + 1}.${language}`,
      text,
    }));
    return `${[`${input.trimEnd()}\n`, `${marker}\n`, ...render(documents)].join('\n')}\n`;
  });
  return { path: url.pathname, cases: sections.length, text: `${[title, ...written].join('').trimEnd()}\n` };
}
