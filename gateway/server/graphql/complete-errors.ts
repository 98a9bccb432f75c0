/**
 * Apollo's executor reports null where a non-null field has no value under `extensions.valueCompletion` instead of
 * `errors`. The GraphQL specification (6.4.4) asks for a field error, and the facade decides by errors: so they are moved.
 */
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { restoreHttp } from '../../execution/answered-http.ts';

export function completeErrors(result: FormattedExecutionResult): FormattedExecutionResult {
  const restored = restoreErrors(result);
  const found = result.extensions?.['valueCompletion'];
  if (!Array.isArray(found)) return restored;
  const { valueCompletion: _, ...extensions } = result.extensions!;
  const errors = (found as GraphQLFormattedError[]).map(({ message, path }) => ({
    message,
    ...(path === undefined ? {} : { path }),
    extensions: { code: 'UPSTREAM_INVALID_RESPONSE', upstream: { kind: 'invalid' }, dispatched: true },
  }));
  return {
    ...(result.data === undefined ? {} : { data: result.data }),
    errors: [...(restored.errors ?? []), ...errors],
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
  };
}

function restoreErrors(result: FormattedExecutionResult): FormattedExecutionResult {
  if (result.errors === undefined) return result;
  const errors = result.errors.map((error) =>
    error.extensions === undefined ? error : { ...error, extensions: restoreHttp(error.extensions) },
  );
  return { ...result, errors };
}
