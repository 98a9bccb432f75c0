/** Finds a connector by what a person writes: `catalog:Query.book[0]`, `Query.book[0]`, or `Query.book` if it is the first. */
import { didYouMean } from '../../errors/did-you-mean.ts';

/** `Query.book[0]` of `catalog:Query.book[0]`. */
const targetOf = (coordinate: string): string => coordinate.slice(coordinate.indexOf(':') + 1);

/** Undefined when there is none, or more than one. */
export function findTrial<Trial extends { readonly coordinate: string }>(
  trials: readonly Trial[],
  written: string,
): Trial | undefined {
  const isMeant = ({ coordinate }: Trial): boolean =>
    [coordinate, targetOf(coordinate)].some((name) => name === written || name === `${written}[0]`);
  const found = trials.filter(isMeant);
  return found.length === 1 ? found[0] : undefined;
}

/** What may have been meant by a name that `findTrial` did not find. */
export function suggestTrial(trials: readonly { readonly coordinate: string }[], written: string): string {
  const names = trials.map(({ coordinate }) => coordinate);
  const meant = names.filter((name) => targetOf(name) === written || targetOf(name) === `${written}[0]`);
  if (meant.length > 1) return `"${written}" may be ${meant.join(' or ')}`;
  const shorten = written.includes(':') ? (name: string) => name : targetOf;
  const cut = written.endsWith(']') ? shorten : (name: string) => shorten(name).replace(/\[0\]$/, '');
  const hint = didYouMean(written, names.map(cut));
  return `There is no connector "${written}". ${hint ?? 'The schema has none'}`;
}
