/** Rules of the settings for the headers of requests (connectors.md 9.4), as Apollo Router spells them. */

import type { Range } from '../../errors/fault.ts';

/**
 * Names in lower case; `matching` is a regular expression over names. Plain data, since settings cross to other threads.
 * - `propagate`: every value of a client's header, under another name where `rename` says so; `default` where the client sent none
 * - `insert`: a text, or an entry of `$context`
 * - `remove`: what was set by then
 */
export type HeaderRule =
  | { readonly kind: 'propagate'; readonly named: string; readonly rename?: string; readonly default?: string }
  | { readonly kind: 'propagate-matching'; readonly matching: string }
  | { readonly kind: 'insert'; readonly name: string; readonly value: string }
  | { readonly kind: 'insert-from-context'; readonly name: string; readonly key: string }
  | { readonly kind: 'remove'; readonly named: string }
  | { readonly kind: 'remove-matching'; readonly matching: string };

export interface SourceHeaderRules {
  readonly request: readonly HeaderRule[];
  /** Where the name of the source stands in the settings. */
  readonly range?: Range;
}

/** Those of one subgraph. */
export interface HeaderRules {
  readonly all: readonly HeaderRule[];
  /** By name of the source; they run after those for all. */
  readonly sources: Readonly<Record<string, SourceHeaderRules>>;
}
