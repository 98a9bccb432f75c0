/** A span around each fetch of a plan, whichever engine walks it. */
import type { FetchTarget, SubgraphAnswer, SubgraphOperation } from '../../execution/fetch-target.ts';
import type { RequestContext } from '../../execution/request-context.ts';
import { errorCodeOf } from './error-code.ts';
import type { Tracing } from './tracing.ts';

export function traceFetches(tracing: Tracing, subgraph: string, target: FetchTarget): FetchTarget {
  const within =
    <Variables>(
      send: (operation: SubgraphOperation, variables: Variables, context: RequestContext) => Promise<SubgraphAnswer>,
    ) =>
    async (operation: SubgraphOperation, variables: Variables, context: RequestContext): Promise<SubgraphAnswer> => {
      const span = tracing.start({
        name: 'fetch',
        kind: 'internal',
        parent: context.call.traceparent,
        attributes: { 'tributary.subgraph': subgraph, 'graphql.operation.name': operation.name },
      });
      const below = { ...context, call: { ...context.call, traceparent: span.traceparent } };
      try {
        const answer = await send(operation, variables, below);
        const [first] = answer.errors ?? [];
        span.end(first && errorCodeOf(first));
        return answer;
      } catch (error) {
        span.end('INTERNAL_SERVER_ERROR');
        throw error;
      }
    };
  const { sendText } = target;
  return Object.assign(within(target), sendText === undefined ? {} : { sendText: within(sendText) });
}
