/**
 * How many fields an operation asks for once its fragments are spread out, from what a look over its text has found. A few
 * lines can spread to millions of fields, or without end, and validating them costs far more than adding them up.
 */

/** An operation or a fragment, as far as it was read from the text. */
export interface TextDefinition {
  /** Of a fragment; undefined for an operation. */
  name: string | undefined;
  /** Fields in it, those of spread fragments left aside. */
  fields: number;
  /** Names of the fragments that it spreads, each as often as it does. */
  readonly spreads: string[];
}

/** What is too much, as a sentence. */
export function findFragmentExcess(definitions: readonly TextDefinition[], mostFields: number): string | undefined {
  const fragments = new Map(definitions.map((definition) => [definition.name, definition]));
  const totals = new Map<TextDefinition, number>();
  const totalOf = (definition: TextDefinition): number => {
    const known = totals.get(definition);
    if (known !== undefined) return known;
    // Whoever comes here again before it is counted has come in a circle.
    totals.set(definition, Number.POSITIVE_INFINITY);
    let total = definition.fields;
    for (const name of definition.spreads) {
      const fragment = fragments.get(name);
      if (fragment !== undefined) total += totalOf(fragment);
    }
    totals.set(definition, total);
    return total;
  };
  for (const definition of definitions) {
    const total = totalOf(definition);
    if (total === Number.POSITIVE_INFINITY) return 'A fragment of the query spreads itself, directly or through others';
    if (definition.name === undefined && total > mostFields) return `The query asks for more than ${mostFields} fields`;
  }
  return undefined;
}
