/** The subgraph of orders, written in code, and how it is served: POST /graphql beside the REST routes. */
import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { createSubgraphHandler } from 'tributary-gateway/subgraph';
import { findPackageFile } from '../../chassis/find-contract.ts';
import type { Orders } from '../application/orders.ts';
import type { SalesReports } from '../application/sales-reports.ts';
import { createLoaders } from './loaders.ts';
import { resolvers, type OrdersContext } from './resolvers.ts';

/** Adds the endpoint to the service's web server. */
export function mountSubgraph(
  app: FastifyInstance,
  orders: Orders,
  reports: SalesReports,
  onError: (error: unknown, requestId: string) => void,
): void {
  const subgraph = createSubgraphHandler<OrdersContext>({
    typeDefs: readFileSync(findPackageFile('schema/subgraphs/orders.graphql'), 'utf8'),
    resolvers,
    onError: (error) => onError(error, 'graphql'),
  });

  app.post('/graphql', async (request, reply) => {
    const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (mediaType !== 'application/json') return refuse(reply, 415, 'Send the query as application/json');
    const body = parseJson(request.body as Buffer | undefined);
    if (body === undefined) return refuse(reply, 400, 'The body is not valid JSON');
    const timeLeft = Number(request.headers['x-request-timeout-ms']);
    const caller = { requestId: request.id, timeLeftMs: timeLeft > 0 ? timeLeft : undefined };
    const answer = await subgraph.handle(body, { orders, reports, loaders: createLoaders(orders), caller });
    return send(reply, answer.status, answer.body);
  });

  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: '/graphql',
    handler: async (_request, reply) => refuse(reply.header('allow', 'POST'), 405, 'Send queries with POST'),
  });
}

function parseJson(bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const refuse = (reply: FastifyReply, status: number, message: string): FastifyReply =>
  send(reply, status, { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });

const send = (reply: FastifyReply, status: number, body: unknown): FastifyReply =>
  reply
    .status(status)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(body));
