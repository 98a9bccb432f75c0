/** A cell in words: what a reader should take away from its numbers. */
import type { Cell } from './report.ts';

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

export function verdictOf(cell: Omit<Cell, 'kind' | 'verdict'>): string {
  const { first, repeat, missing, overFetch, isStatusRight, statuses } = cell;
  if (isStatusRight !== undefined) {
    const shown = statuses.join(', ');
    return isStatusRight ? `an intermediary sees ${shown}: right` : `an intermediary sees ${shown}: it cannot tell`;
  }
  const parts = [`${plural(first.rounds, 'round trip')}, ${plural(first.requests, 'request')}`];
  if (missing.length > 0) parts.push(`lacks ${missing.join(', ')}`);
  else if (overFetch !== undefined) parts.push(`${Math.round(overFetch * 100)} % over-fetch`);
  if (repeat !== undefined) {
    parts.push(
      repeat.requests === 0
        ? 'a repeat costs nothing'
        : `a repeat costs ${repeat.bytesDown} bytes and ${plural(repeat.upstreamCalls, 'call')} to services`,
    );
  }
  return parts.join('; ');
}
