/** An answer as it is written, whichever face made it. */

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Its bytes may belong to several clients and are never changed. */
  readonly body: Buffer;
}

/** One `Vary` out of several, each name once. */
export function mergeVary(...values: readonly (string | undefined)[]): string {
  const names = values.flatMap((value) => (value === undefined ? [] : value.split(/,\s*/)));
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].join(', ');
}
