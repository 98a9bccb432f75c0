/** Resolvers of schema/subgraphs/orders.graphql, over the same use cases as REST. What the business refuses is data. */
import type { SubgraphResolvers } from 'tributary-gateway/subgraph';
import { buildPage } from '../../chassis/page.ts';
import type { Caller, Orders } from '../application/orders.ts';
import { cursorOf, readPlace } from '../application/place.ts';
import type { Placement } from '../application/placement.ts';
import { formatAmount } from '../domain/money.ts';
import {
  actionsOf,
  describeRefusal,
  formatTotal,
  StepNotAllowed,
  type Order,
  type OrderLine,
} from '../domain/order.ts';
import { isIdempotencyKey, isName, type OrderInput } from '../domain/order-input.ts';
import type { SalesReports } from '../application/sales-reports.ts';
import { bestSellers, progressOf, type Period, type SalesReport } from '../domain/sales-report.ts';
import { badInput, withGraphQLErrors } from './errors.ts';
import { isOrderId, type Loaders } from './loaders.ts';

export interface OrdersContext {
  readonly orders: Orders;
  readonly reports: SalesReports;
  readonly loaders: Loaders;
  readonly caller: Caller;
}

interface ListArguments {
  readonly customer: string;
  readonly first: number | null;
  readonly after: string | null | undefined;
}

export const resolvers = {
  Query: {
    order: (_root: unknown, { id }: { id: string }, { loaders }: OrdersContext) => loaders.order.load(id),
    orders: (_root: unknown, args: ListArguments, { orders }: OrdersContext) =>
      withGraphQLErrors('', () => listOrders(orders, args)),
    reportJob: (_root: unknown, { id }: { id: string }, { reports }: OrdersContext) => findReport(reports, id),
    salesReport: async (_root: unknown, { id }: { id: string }, { reports }: OrdersContext) => {
      const report = await findReport(reports, id);
      return report?.status === 'SUCCEEDED' ? report : null;
    },
  },

  Mutation: {
    placeOrder: (
      _root: unknown,
      { input, idempotencyKey }: { input: OrderInput; idempotencyKey?: string | null },
      { orders, caller }: OrdersContext,
    ) =>
      withGraphQLErrors('/input', async () => {
        const key = idempotencyKey ?? undefined;
        if (key !== undefined && !isIdempotencyKey(key)) {
          const detail = 'A key has 1 to 255 visible ASCII characters';
          throw badInput('The idempotency key cannot be used', [{ pointer: '/idempotencyKey', detail }]);
        }
        return toPlaceOrderResult((await orders.place(input, caller, key)).placement);
      }),

    cancelOrder: (_root: unknown, { id }: { id: string }, { orders, caller }: OrdersContext) =>
      withGraphQLErrors('', async () => {
        if (!isOrderId(id)) return null;
        try {
          return (await orders.cancel(id, caller)) ?? null;
        } catch (error) {
          if (!(error instanceof StepNotAllowed)) throw error;
          return { __typename: 'NotCancellable', message: error.message, status: error.status };
        }
      }),

    startSalesReport: (_root: unknown, period: Period, { reports }: OrdersContext) =>
      withGraphQLErrors('', () => reports.start(period)),
  },

  Order: {
    __resolveReference: ({ id }: { id: string }, { loaders }: OrdersContext) => loaders.order.load(id),
    total: (order: Order) => formatTotal(order),
    actions: (order: Order) => actionsOf(order),
  },

  OrderLine: {
    book: ({ bookId }: OrderLine) => ({ id: bookId }),
    unitPrice: ({ unitPrice }: OrderLine) => formatAmount(unitPrice),
  },

  ReportJob: {
    progress: (report: SalesReport) => progressOf(report),
    resultId: (report: SalesReport) => (report.status === 'SUCCEEDED' ? report.id : null),
    error: (report: SalesReport) => (report.status === 'FAILED' ? 'The report could not be made' : null),
  },

  SalesReport: {
    orders: ({ sales }: DoneReport) => sales.orders,
    revenue: ({ sales }: DoneReport) =>
      Object.entries(sales.revenue).map(([currency, cents]) => ({ currency, amount: formatAmount(cents) })),
    books: ({ sales }: DoneReport) => bestSellers(sales),
  },

  BookSales: { book: ({ bookId }: { bookId: string }) => ({ id: bookId }) },

  PlaceOrderResult: { __resolveType: typeOf },
  CancelOrderResult: { __resolveType: typeOf },
} satisfies SubgraphResolvers;

type DoneReport = Extract<SalesReport, { readonly status: 'SUCCEEDED' }>;

/** A report may be asked for as the job that makes it, too. */
const findReport = async (reports: SalesReports, id: string): Promise<SalesReport | undefined> =>
  isOrderId(id) ? reports.find(id) : undefined;

/** Members of the unions name themselves, except orders: those come as the domain has them. */
function typeOf(value: Order | { readonly __typename: string }): string {
  return '__typename' in value ? value.__typename : 'Order';
}

async function listOrders(orders: Orders, { customer, first, after }: ListArguments): Promise<unknown> {
  const count = first ?? 20;
  if (count < 0 || count > 100) {
    const detail = `"first" is ${count}, expected 0 to 100`;
    throw badInput(detail, [{ pointer: '/first', detail }]);
  }
  // Nobody can have this name, so nobody has ordered under it.
  const isKnown = isName(customer);
  const cursor = after ?? undefined;
  const place = readPlace(cursor);
  const { rows, total } = isKnown ? await orders.listOf(customer, count, place) : { rows: [], total: 0 };
  const list = buildPage({ rows, first: count, after: cursor, total, cursorOf, itemOf: (order: Order) => order });
  const { hasNext, hasPrevious, start, end } = list.page;
  return {
    nodes: list.items,
    pageInfo: { hasNextPage: hasNext, hasPreviousPage: hasPrevious, startCursor: start, endCursor: end },
    totalCount: list.total,
  };
}

function toPlaceOrderResult(placement: Placement): unknown {
  if (placement.kind === 'placed') return placement.order;
  const { refusal } = placement;
  switch (refusal.reason) {
    case 'out-of-stock': {
      const { bookId, available } = refusal;
      return { __typename: 'OutOfStock', message: describeRefusal(refusal), bookId, available };
    }
    case 'unknown-book': {
      const { bookId } = refusal;
      return { __typename: 'UnknownBook', message: `"${bookId}" is not in the catalog`, bookId };
    }
    case 'authorization-refused':
      return { __typename: 'AuthorizationRefused', message: describeRefusal(refusal), reasons: refusal.reasons };
  }
}
