/** The operations run last, kept in this browser only. Headers are not kept: they may hold secrets. */
export interface PastRun {
  readonly query: string;
  readonly variables: string;
}

const place = 'tributary-console-history';
const most = 20;

export function readHistory(): readonly PastRun[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isPastRun).slice(0, most) : [];
  } catch {
    return [];
  }
}

/** The history with one more run; a storage that refuses is no reason not to run. */
export function addToHistory(history: readonly PastRun[], run: PastRun): readonly PastRun[] {
  const next = [run, ...history.filter(({ query }) => query !== run.query)].slice(0, most);
  try {
    localStorage.setItem(place, JSON.stringify(next));
  } catch {
    // Storage is full or switched off.
  }
  return next;
}

/** "query Books", or the start of a text without a name. */
export function nameOf({ query }: PastRun): string {
  const named = /\b(query|mutation|subscription)\s+(\w+)/.exec(query);
  return named ? `${named[1]} ${named[2]}` : query.replaceAll(/\s+/g, ' ').slice(0, 50);
}

const isPastRun = (value: unknown): value is PastRun =>
  value !== null &&
  typeof value === 'object' &&
  'query' in value &&
  typeof value.query === 'string' &&
  'variables' in value &&
  typeof value.variables === 'string';
