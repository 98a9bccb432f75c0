/** What each version of the mapping language allows (connectors.md 5 and 8.3). Methods are the same in all of them. */

export type MappingVersion = '0.1' | '0.2' | '0.3' | '0.4-preview' | '0.4';

/** The two grammars that v0.4 has had: before it was released, and since. */
export type V04Grammar = 'unified' | 'preview';

export interface Grammar {
  /** `?`, `??` and `?!`. */
  readonly hasOptional: boolean;
  /** `...` and `{ id }` shorthand in object literals. */
  readonly hasSpread: boolean;
  /** One grammar for literals and selections. */
  readonly isUnified: boolean;
}

export function grammarOf(version: MappingVersion): Grammar {
  return {
    hasOptional: version !== '0.1' && version !== '0.2',
    hasSpread: version === '0.4-preview' || version === '0.4',
    isUnified: version === '0.4',
  };
}
