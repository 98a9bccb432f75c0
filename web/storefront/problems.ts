/**
 * Errors in the words of a visitor. A service that is down has emptied its fields; which ones is read from the error's
 * path and, where an error stands for a whole entity, from the service it names.
 */
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';

/** A part of a page that one service answers for. */
export type Part = 'authors' | 'rating' | 'reviews' | 'stock';

const fieldsOf: Record<Part, readonly string[]> = {
  authors: ['authors', 'name'],
  rating: ['rating'],
  reviews: ['reviews'],
  stock: ['stock'],
};
const serviceOf: Record<Part, string> = {
  authors: 'authors',
  rating: 'reviews',
  reviews: 'reviews',
  stock: 'inventory',
};

interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

function answerErrors(error: unknown): readonly AnswerError[] {
  return CombinedGraphQLErrors.is(error) ? error.errors : [];
}

/** Did the answer come without this part because its service could not be asked? */
export function isMissing(error: unknown, part: Part): boolean {
  return answerErrors(error).some(
    ({ path, extensions }) =>
      extensions?.['service'] === serviceOf[part] || fieldsOf[part].includes(String(path?.at(-1) ?? '')),
  );
}

/** One sentence for a page that has nothing else to show. */
export function explain(error: unknown): string {
  return CombinedGraphQLErrors.is(error) || ServerError.is(error)
    ? 'A part of the shop isn’t answering at the moment. It usually comes back by itself.'
    : 'The shop can’t be reached. Check your connection, then try again.';
}

/** What the visitor can put right: a text a field, and texts for the whole form. */
export interface FormProblems {
  readonly fields: Readonly<Record<string, string>>;
  readonly form: readonly string[];
}

const visitorCodes = ['BAD_USER_INPUT', 'CONFLICT', 'FORBIDDEN', 'NOT_FOUND', 'PRECONDITION_FAILED'];

/** Reads the service's own validation (RFC 9457 `errors` with pointers) out of an error; null when it has none. */
export function readFormProblems(error: unknown, knownFields: readonly string[]): FormProblems | null {
  const fields: Record<string, string> = {};
  const form: string[] = [];
  for (const { message, extensions } of answerErrors(error)) {
    if (!visitorCodes.includes(String(extensions?.['code']))) continue;
    const entries = Array.isArray(extensions?.['errors']) ? (extensions['errors'] as unknown[]) : [];
    if (entries.length === 0) form.push(message);
    for (const entry of entries) {
      const { pointer, parameter, header, detail } = (entry ?? {}) as Readonly<Record<string, unknown>>;
      const place = [pointer, parameter, header].find((name) => typeof name === 'string') ?? '';
      const names = place.toLowerCase().split(/[/#-]/);
      const field = knownFields.find((name) => names.includes(name.toLowerCase()));
      const text = typeof detail === 'string' ? detail : message;
      if (field === undefined) form.push(text);
      else fields[field] = text;
    }
  }
  return form.length === 0 && Object.keys(fields).length === 0 ? null : { fields, form };
}
