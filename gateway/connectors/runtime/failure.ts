/**
 * One failed connector call. Many fields may wait for it, but it becomes one GraphQL error: the first field that sees it
 * reports it, the others are null (connectors.md 11.6 rule 5, 12.2).
 */
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';

/** What the call answered decides where its error is shown. */
export type FailureScope = 'field' | 'entity' | 'list';

type Path = readonly (string | number)[];

export class Failure {
  readonly message: string;
  readonly extensions: GraphQLErrorExtensions;
  readonly scope: FailureScope;
  readonly #cause: Error | undefined;
  #error: GraphQLError | undefined;

  constructor(message: string, extensions: GraphQLErrorExtensions, scope: FailureScope, cause?: unknown) {
    this.message = message;
    this.extensions = extensions;
    this.scope = scope;
    this.#cause = cause instanceof Error ? cause : undefined;
  }

  /**
   * Throws for the first field, gives null to the others. A non-null field gets the same error object again, because
   * null is not possible there.
   */
  raise(fieldPath: Path, isNonNull: boolean): null {
    if (this.#error && !isNonNull) return null;
    this.#error ??= new GraphQLError(this.message, {
      path: errorPath(fieldPath, this.scope),
      extensions: this.extensions,
      ...(this.#cause ? { originalError: this.#cause } : {}),
    });
    throw this.#error;
  }
}

/** Of a field's own path: that of the field, of its entity, or of the list the entity stands in. */
function errorPath(fieldPath: Path, scope: FailureScope): Path {
  if (scope === 'field') return fieldPath;
  let end = fieldPath.length - 1;
  if (scope === 'list') while (end > 0 && typeof fieldPath[end - 1] === 'number') end -= 1;
  return fieldPath.slice(0, end);
}

export type Outcome<T> =
  { readonly kind: 'value'; readonly value: T } | { readonly kind: 'failure'; readonly failure: Failure };
