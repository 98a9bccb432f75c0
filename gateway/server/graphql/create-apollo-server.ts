/** Apollo Server over the engine: limits, error format, and the answer a GraphQL client gets. Its own pages are off. */
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError } from 'graphql';
import type { RequestContext } from '../../execution/request-context.ts';
import type { Engine } from '../../execution/tributary-engine.ts';
import { stringifyJson } from '../../upstream/index.ts';
import { completeErrors } from './complete-errors.ts';
import { formatError, redactError } from './format-error.ts';
import { limitOperations, type OperationLimits } from './limit-operations.ts';

export interface CreateApolloServerOptions {
  readonly gateway: Engine;
  readonly isIntrospectionOn: boolean;
  readonly isCsrfPreventionOn: boolean;
  readonly limits: OperationLimits & { readonly tokens: number };
  readonly onFault: (error: unknown) => void;
}

export function createApolloServer(options: CreateApolloServerOptions): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    gateway: options.gateway,
    introspection: options.isIntrospectionOn,
    csrfPrevention: options.isCsrfPreventionOn,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !options.isIntrospectionOn,
    stopOnTerminationSignals: false,
    // Set, so that nothing here depends on NODE_ENV.
    nodeEnv: 'production',
    parseOptions: { maxTokens: options.limits.tokens },
    validationRules: [limitOperations(options.limits)],
    stringifyResult: (result) => stringifyJson(result as never),
    formatError: (formatted, error) => formatError(formatted, options.onFault, error),
    plugins: [ApolloServerPluginLandingPageDisabled(), requireOperation, completeAnswers],
  });
}

/** Several operations and no name to choose by is the client's fault; the gateway's executor would call it its own. */
const requireOperation: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation !== null && operation !== undefined) return;
        throw new GraphQLError('Name the operation to run: operationName is missing, or names none of them', {
          extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
        });
      },
    };
  },
};

const completeAnswers: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue }) {
        if (response.body.kind !== 'single') return;
        const result = completeErrors(response.body.singleResult);
        const isForClient = contextValue.face === 'graphql' && result.errors !== undefined;
        response.body.singleResult = isForClient ? { ...result, errors: result.errors!.map(redactError) } : result;
      },
    };
  },
};
