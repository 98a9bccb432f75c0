/**
 * Errors for values that the answer could not hold (GraphQL specification, 6.4.4), beside those that the fetches brought. A
 * null that a fetch explains needs no second error: an error at the same fields, above or below, explains it.
 */
import { GraphQLError } from 'graphql';
import type { ResponsePath } from './places.ts';
import type { CompletionFault } from './shape-response.ts';

export function explainNulls(errors: readonly GraphQLError[], faults: readonly CompletionFault[]): GraphQLError[] {
  if (faults.length === 0) return [...errors];
  const explained = errors.map(({ path }) => withoutIndices(path ?? []));
  const unexplained = faults.filter(({ path }) => {
    const names = withoutIndices(path);
    return !explained.some((known) => isPrefix(known, names) || isPrefix(names, known));
  });
  return [...errors, ...unexplained.map(toError)];
}

const toError = ({ message, path }: CompletionFault): GraphQLError =>
  new GraphQLError(message, {
    path,
    extensions: { code: 'UPSTREAM_INVALID_RESPONSE', upstream: { kind: 'invalid' }, dispatched: true },
  });

const withoutIndices = (path: ResponsePath): string[] => path.filter((element) => typeof element === 'string');

const isPrefix = (prefix: readonly string[], path: readonly string[]): boolean =>
  prefix.length <= path.length && prefix.every((element, index) => element === path[index]);
