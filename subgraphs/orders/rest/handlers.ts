/** The operations of schema/services/orders.openapi.yaml: from requests to the use cases and back, no rules of their own. */
import { entityTag } from '../../chassis/conditional.ts';
import type { OperationHandler, OperationReply } from '../../chassis/create-service.ts';
import { buildPage, pageLinks } from '../../chassis/page.ts';
import { invalidInput, notFound, ProblemError } from '../../chassis/problem.ts';
import type { Orders } from '../application/orders.ts';
import { cursorOf, readPlace } from '../application/place.ts';
import type { Order } from '../domain/order.ts';
import { isIdempotencyKey, isName, type OrderInput } from '../domain/order-input.ts';
import { readAmount } from '../domain/money.ts';
import type { SalesReports } from '../application/sales-reports.ts';
import type { Period } from '../domain/sales-report.ts';
import { toAuthorizationBody, toOrderBody, toReportBody } from './order-body.ts';
import { toRefusalProblem, withProblems } from './problems.ts';

export function buildHandlers(orders: Orders, reports: SalesReports): Record<string, OperationHandler> {
  return {
    listOrders: async ({ query, path }) => {
      const [first, after] = [query['first'] as number, query['after'] as string | undefined];
      const { rows, total } = await orders.listOf(query['customer'] as string, first, readPlace(after));
      const list = buildPage({ rows, first, after, total, cursorOf, itemOf: toOrderBody });
      return { status: 200, headers: { link: pageLinks(path, query, list.page) }, body: list };
    },

    placeOrder: ({ body, headers, requestId, timeLeftMs }) =>
      withProblems(async () => {
        const key = readKey(headers['idempotency-key']);
        const { placement, isReplayed } = await orders.place(body as OrderInput, { requestId, timeLeftMs }, key);
        const replayed: Record<string, string> = isReplayed ? { 'idempotency-replayed': 'true' } : {};
        if (placement.kind === 'refused') throw toRefusalProblem(placement, replayed);
        const { order } = placement;
        return replyOrder(201, order, { location: `/v1/orders/${order.id}`, ...replayed });
      }),

    getOrder: async ({ params }) => replyOrder(200, (await orders.find(params['id']!)) ?? noOrder(params['id']!)),

    cancelOrder: ({ params, requestId, timeLeftMs }) =>
      withProblems(async () => {
        const order = await orders.cancel(params['id']!, { requestId, timeLeftMs });
        return replyOrder(200, order ?? noOrder(params['id']!));
      }),

    shipOrder: ({ params }) =>
      withProblems(async () => replyOrder(200, (await orders.ship(params['id']!)) ?? noOrder(params['id']!))),

    createAuthorization: async ({ body }) => {
      const { customer, amount, currency } = body as { customer: string; amount: string; currency: string };
      const cents = readAmount(amount);
      if (!isName(customer))
        throw invalidInput([{ pointer: '/customer', detail: 'This is not the name of a customer' }]);
      if (cents === undefined) throw invalidInput([{ pointer: '/amount', detail: 'This is not an amount' }]);
      const authorization = await orders.authorize({ customer, amount: cents, currency });
      const location = `/v1/authorizations/${authorization.id}`;
      return { status: 201, headers: { location }, body: toAuthorizationBody(authorization) };
    },

    getAuthorization: async ({ params }) => {
      const authorization = await orders.findAuthorization(params['id']!);
      if (authorization === undefined) throw notFound(`There is no authorization "${params['id']}"`);
      return { status: 200, body: toAuthorizationBody(authorization) };
    },

    startSalesReport: ({ body }) =>
      withProblems(async () => {
        const report = await reports.start(body as Period);
        const headers = { location: `/v1/sales-reports/${report.id}`, 'retry-after': '1' };
        return { status: 202, headers, body: toReportBody(report) };
      }),

    getSalesReport: async ({ params }) => {
      const report = await reports.find(params['id']!);
      if (report === undefined) throw notFound(`There is no sales report "${params['id']}"`);
      const isUnderWay = report.status === 'QUEUED' || report.status === 'RUNNING';
      return { status: 200, headers: isUnderWay ? { 'retry-after': '1' } : {}, body: toReportBody(report) };
    },
  };
}

const replyOrder = (status: number, order: Order, headers: Record<string, string> = {}): OperationReply => ({
  status,
  headers: { etag: entityTag(order.version), ...headers },
  body: toOrderBody(order),
});

function noOrder(id: string): never {
  throw notFound(`There is no order "${id}"`);
}

function readKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (isIdempotencyKey(header)) return header;
  throw new ProblemError(400, 'invalid-parameter', 'Invalid parameter', {
    errors: [{ header: 'idempotency-key', detail: 'A key has 1 to 255 visible ASCII characters' }],
  });
}
