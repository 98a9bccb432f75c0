/** Problem documents (RFC 9457): the one shape of every error a service answers. */

export interface FieldProblem {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly detail: string;
}

export interface ProblemOptions {
  readonly detail?: string;
  readonly errors?: readonly FieldProblem[];
  /** Further members of the document, such as the id of what exists already. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by a handler or the domain's callers; the chassis turns it into the answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  /** Kebab-case name of the problem; its URI is `/problems/<type>`. */
  readonly type: string;
  readonly title: string;
  readonly options: ProblemOptions;

  constructor(status: number, type: string, title: string, options: ProblemOptions = {}) {
    super(options.detail ?? title);
    this.status = status;
    this.type = type;
    this.title = title;
    this.options = options;
  }

  toDocument(requestId: string): Record<string, unknown> {
    const { detail, errors, extensions } = this.options;
    return {
      type: `/problems/${this.type}`,
      title: this.title,
      status: this.status,
      ...(detail === undefined ? {} : { detail }),
      instance: `urn:request:${requestId}`,
      ...(errors === undefined ? {} : { errors }),
      ...extensions,
    };
  }
}

export const notFound = (detail: string): ProblemError => new ProblemError(404, 'not-found', 'Not found', { detail });

export const invalidInput = (errors: readonly FieldProblem[], detail = 'The body does not fit'): ProblemError =>
  new ProblemError(422, 'validation', 'Invalid input', { detail, errors });
