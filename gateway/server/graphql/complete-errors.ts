/**
 * Apollo's executor reports null where a non-null field has no value under `extensions.valueCompletion` instead of
 * `errors`. The GraphQL specification (6.4.4) asks for a field error, and the facade decides by errors: so they are moved.
 */
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';

export function completeErrors(result: FormattedExecutionResult): FormattedExecutionResult {
  const found = result.extensions?.['valueCompletion'];
  if (!Array.isArray(found)) return result;
  const { valueCompletion: _, ...extensions } = result.extensions!;
  const errors = (found as GraphQLFormattedError[]).map(({ message, path }) => ({
    message,
    ...(path === undefined ? {} : { path }),
    extensions: { code: 'UPSTREAM_INVALID_RESPONSE', upstream: { kind: 'invalid' }, dispatched: true },
  }));
  return {
    ...(result.data === undefined ? {} : { data: result.data }),
    errors: [...(result.errors ?? []), ...errors],
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
  };
}
