/** Apollo Server over the engine: limits, error format, and the answer a GraphQL client gets. Its own pages are off. */
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError } from 'graphql';
import type { RequestContext } from '../../execution/request-context.ts';
import type { Engine, TributaryEngine } from '../../execution/tributary-engine.ts';
import { refuseOperation } from '../../errors/refuse-operation.ts';
import { stringifyJson } from '../../upstream/index.ts';
import { completeErrors } from './complete-errors.ts';
import { formatError, redactError } from './format-error.ts';
import { limitOperations, type OperationLimits } from './limit-operations.ts';
import type { PersistedTexts } from './persisted-texts.ts';

export interface CreateApolloServerOptions {
  readonly gateway: Engine & Partial<Pick<TributaryEngine, 'stringify'>>;
  readonly isIntrospectionOn: boolean;
  readonly isCsrfPreventionOn: boolean;
  readonly limits: OperationLimits & { readonly tokens: number };
  /** Where automatic persisted queries are kept; left out, they are not served. */
  readonly persistedTexts?: PersistedTexts;
  readonly onFault: (error: unknown) => void;
  /** Run last, on the finished answer. */
  readonly plugins?: readonly ApolloServerPlugin<RequestContext>[];
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
    // Errors that stand in a long text cost time each, and nobody reads the hundredth.
    validationOptions: { maxErrors: 10 },
    persistedQueries: options.persistedTexts === undefined ? false : { cache: options.persistedTexts },
    parseOptions: { maxTokens: options.limits.tokens },
    validationRules: [limitOperations(options.limits)],
    stringifyResult: (result) => (options.gateway.stringify ?? stringifyJson)(result as never),
    formatError: (formatted, error) => formatError(formatted, options.onFault, error),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      requireOperation,
      completeAnswers,
      ...(options.plugins ?? []),
    ],
  });
}

/** Several operations and no name to choose by is the client's fault; the gateway's executor would call it its own. */
const requireOperation: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, schema, contextValue }) {
        if (operation?.operation === 'subscription') {
          throw refuseOperation('OPERATION_UNSUPPORTED', { parameters: { what: 'a subscription' } });
        }
        // No rule of GraphQL's validation looks at this, and executors take it for a fault of their own.
        if (operation?.operation === 'mutation' && !schema.getMutationType()) {
          const what = 'a mutation, which this graph has none of';
          throw refuseOperation('OPERATION_UNSUPPORTED', { parameters: { what } });
        }
        if (operation !== null && operation !== undefined) return contextValue.noteOperation?.(operation.operation);
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
