/**
 * What a client sees of an error: a code of the catalogue and a sentence without addresses, bodies or stacks. The facade
 * needs more to choose a status (`dispatched`, `upstream`), so those members are taken out only for GraphQL clients.
 */
import type { GraphQLFormattedError } from 'graphql';
import { describeError } from '../../errors/catalogue.ts';

/** Members that never leave the process. */
const INTERNAL_MEMBERS = ['upstream', 'dispatched', 'stacktrace', 'serviceName', 'exception', 'response'] as const;

/** For Apollo Server's `formatError`: unknown faults lose their text, known ones keep theirs. */
export function formatError(
  formatted: GraphQLFormattedError,
  onFault: (error: unknown) => void,
  error: unknown,
): GraphQLFormattedError {
  // Apollo Server gives every finding of a validation rule one code, whatever the rule said.
  if (formatted.extensions?.['isTooComplex'] === true) {
    return { ...formatted, extensions: { code: 'REQUEST_TOO_COMPLEX' } };
  }
  if (formatted.extensions?.['code'] !== 'INTERNAL_SERVER_ERROR') return formatted;
  onFault(error);
  const { locations, path } = formatted;
  return {
    message: describeError('INTERNAL_SERVER_ERROR'),
    ...(locations === undefined ? {} : { locations }),
    ...(path === undefined ? {} : { path }),
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  };
}

/** The error as a GraphQL client may read it. */
export function redactError(error: GraphQLFormattedError): GraphQLFormattedError {
  const extensions: Record<string, unknown> = { ...error.extensions };
  for (const member of INTERNAL_MEMBERS) delete extensions[member];
  return { ...error, extensions };
}
