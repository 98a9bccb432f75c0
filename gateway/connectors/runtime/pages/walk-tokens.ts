/**
 * Styles `cursor` and `link`: each page says where the next one is. All pages of a chain have one size, that of its
 * beginning; a page may be empty and still have a next one. A token that comes again ends the list: nobody goes round for
 * ever.
 */
import type { PageRule } from '../../spec/connector.ts';
import { writeCursor, type Token } from './cursor.ts';
import type { LoadPage, ServicePage } from './page-source.ts';
import type { TokenWindow } from './read-window.ts';
import type { PagePart, Walk } from './walk.ts';

export async function walkTokens({ from, count }: TokenWindow, rule: PageRule, load: LoadPage): Walk {
  const { size } = from;
  const parts: PagePart[] = [];
  const seen = new Set<Token>();
  const finish = (hasNext: boolean, resume?: string): Awaited<Walk> => ({
    kind: 'value',
    value: { parts, hasNext, hasPrevious: from.token !== null || from.skip > 0, ...(resume ? { resume } : {}) },
  });
  let { token, skip } = from;
  let missing = count;
  for (let calls = 0; calls < rule.maxCalls; calls += 1) {
    const outcome = await load(token, size);
    if (outcome.kind === 'failure') return outcome;
    const page = outcome.value;
    seen.add(token);
    const next = seen.has(page.next) ? null : page.next;
    const part = partOf(page, { token, skip, size, next, missing });
    parts.push(part);
    missing -= part.to - part.from;
    if (part.to < (page.itemCount ?? 0)) return finish(true);
    if (next === null) return finish(false);
    if (missing === 0) return finish(true);
    token = next;
    skip = 0;
  }
  return finish(true, writeCursor({ kind: 'token', token, skip, size }));
}

interface Place {
  readonly token: Token;
  readonly skip: number;
  readonly size: number;
  readonly next: Token;
  readonly missing: number;
}

function partOf(page: ServicePage, { token, skip, size, next, missing }: Place): PagePart {
  const found = page.itemCount ?? 0;
  const from = Math.min(skip, found);
  return {
    page,
    from,
    to: Math.min(found, from + missing),
    // Behind the last item the next page begins: to go on there costs no call for this one
    cursorBehind: (index) =>
      index === found - 1 && next !== null
        ? writeCursor({ kind: 'token', token: next, skip: 0, size })
        : writeCursor({ kind: 'token', token, skip: index + 1, size }),
  };
}
