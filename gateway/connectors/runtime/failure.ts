/**
 * One failed connector call. Many fields may wait for it. For each response field it becomes one GraphQL error, at the
 * first place that sees it; further entities of a list are null without an error of their own, so that a failed batch of a
 * hundred is not a hundred errors. The path always leads to a null in the answer, as the GraphQL specification (7.1.2)
 * asks; docs/decisions/0015 says why this differs from connectors.md 12.2.
 */
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';

type Path = readonly (string | number)[];

export class Failure {
  readonly message: string;
  readonly extensions: GraphQLErrorExtensions;
  readonly #cause: Error | undefined;
  readonly #errors = new Map<string | number, GraphQLError>();

  constructor(message: string, extensions: GraphQLErrorExtensions, cause?: unknown) {
    this.message = message;
    this.extensions = extensions;
    this.#cause = cause instanceof Error ? cause : undefined;
  }

  /**
   * Throws for the first object whose field of this name sees the failure, gives null to the others. A non-null field gets
   * the same error object again, because null is not possible there.
   */
  raise(fieldPath: Path, isNonNull: boolean): null {
    const reported = this.#errors.get(fieldPath.at(-1)!);
    if (reported && !isNonNull) return null;
    throw reported ?? this.#errorAt(fieldPath);
  }

  /** Hands the error of a field that keeps its value to the reporter, once. */
  note(fieldPath: Path, report: ((error: GraphQLError) => void) | undefined): void {
    if (!this.#errors.has(fieldPath.at(-1)!)) report?.(this.#errorAt(fieldPath));
  }

  #errorAt(fieldPath: Path): GraphQLError {
    const error = new GraphQLError(this.message, {
      path: fieldPath,
      extensions: this.extensions,
      ...(this.#cause ? { originalError: this.#cause } : {}),
    });
    this.#errors.set(fieldPath.at(-1)!, error);
    return error;
  }
}

export type Outcome<T> =
  { readonly kind: 'value'; readonly value: T } | { readonly kind: 'failure'; readonly failure: Failure };
