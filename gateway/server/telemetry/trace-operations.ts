/** What Apollo Server knows of a request, told to its span: operation and codes of errors, never its text or variables. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from '../../execution/request-context.ts';
import { errorCodeOf } from './error-code.ts';
import type { OpenRequests } from './trace-requests.ts';

/** Equal queries that share an execution: the one that came first is told. */
export const traceOperations = (open: OpenRequests): ApolloServerPlugin<RequestContext> => ({
  async requestDidStart({ contextValue }) {
    const own = open.get(contextValue.call.traceparent ?? '');
    if (own === undefined) return undefined;
    return {
      async didResolveOperation({ operation, operationName }) {
        own.operationName = operationName ?? undefined;
        own.span.set({ 'graphql.operation.type': operation?.operation, 'graphql.operation.name': own.operationName });
      },
      async willSendResponse({ response }) {
        const errors = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : [];
        if (errors.length === 0) return;
        const codes = new Set(errors.map(errorCodeOf));
        own.span.set({ 'tributary.error_count': errors.length, 'tributary.error_codes': [...codes] });
      },
    };
  },
});
