/**
 * Nearest-name suggestions. Edit distance with transpositions (optimal string alignment), case ignored; a name is near
 * when the distance is at most two fifths of its length, and at least one.
 */

function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row: number[] = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      }
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** The best three candidates near `name`, closest first; empty when none is near. */
export function nearestNames(name: string, candidates: Iterable<string>): string[] {
  const limit = Math.max(1, Math.floor((name.length * 2) / 5));
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** `Did you mean "a"?`, or the list of valid names when none is near, or undefined when there are none at all. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  const near = nearestNames(name, all).map((candidate) => `"${candidate}"`);
  if (near.length === 1) return `Did you mean ${near[0]}?`;
  if (near.length > 1) return `Did you mean ${near.slice(0, -1).join(', ')} or ${near.at(-1)}?`;
  if (all.length === 0) return undefined;
  return `Valid names: ${all
    .sort()
    .map((candidate) => `"${candidate}"`)
    .join(', ')}`;
}
