/**
 * Styles `offset` and `page`: every item has a number. Pages are asked for from the one that holds the first wanted item
 * on, until there is one item more than wanted, which says that there is a next page; or until the service itself says
 * how many there are, or whether there is more.
 */
import type { PageRule } from '../../spec/connector.ts';
import { writeCursor } from './cursor.ts';
import type { LoadPage, ServicePage } from './page-source.ts';
import type { ItemWindow } from './read-window.ts';
import type { PagePart, Walk } from './walk.ts';

/** `tells`: whether pages are expected to say what is behind them, so that no item more is needed. */
export async function walkItems(window: ItemWindow, rule: PageRule, tells: boolean, load: LoadPage): Walk {
  const { start, end, isBounded } = window;
  const isNumbered = rule.style === 'page';
  const needed = isBounded || tells ? end : end + 1;
  const ownSize = rule.fixedSize ?? Math.max(end - start, 1);
  const parts: PagePart[] = [];
  const finish = (hasNext: boolean): Awaited<Walk> => ({
    kind: 'value',
    value: { parts, hasNext, hasPrevious: start > 0 },
  });
  let at = isNumbered ? start - (start % ownSize) : start;
  for (let calls = 0; calls < rule.maxCalls; calls += 1) {
    const size = isNumbered ? ownSize : (rule.fixedSize ?? Math.min(Math.max(needed - at, 1), rule.maxSize));
    const outcome = await load(isNumbered ? rule.firstPage + at / size : at, size);
    if (outcome.kind === 'failure') return outcome;
    const page = outcome.value;
    const given = page.itemCount ?? 0;
    // A numbered page has its place: what is too much of it belongs to the next
    const found = isNumbered ? Math.min(given, size) : given;
    const until = at + found;
    parts.push(partOf(page, at, found, window));
    if (until > end) return finish(true);
    if (hasEnded(page, until, found < size, isNumbered)) return finish(false);
    if (until === end && (isBounded || page.hasMore || page.total !== undefined)) return finish(true);
    at = isNumbered ? at + size : until;
  }
  return finish(true);
}

function hasEnded(page: ServicePage, until: number, isShort: boolean, isNumbered: boolean): boolean {
  if (!page.itemCount || page.hasMore === false) return true;
  if (page.total !== undefined && until >= page.total) return true;
  // With an offset a short page may be the service's own limit, when it says that there are more
  return isShort && (isNumbered || (page.total === undefined && page.hasMore !== true));
}

function partOf(page: ServicePage, at: number, found: number, { start, end }: ItemWindow): PagePart {
  const from = Math.min(Math.max(start - at, 0), found);
  return {
    page,
    from,
    to: Math.max(from, Math.min(found, end - at)),
    cursorBehind: (index) => writeCursor({ kind: 'item', index: at + index + 1 }),
  };
}
