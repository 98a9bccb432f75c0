/** Orders, authorizations and reports as the contract writes them. */
import type { Authorization } from '../domain/authorization.ts';
import { formatAmount } from '../domain/money.ts';
import { bestSellers, progressOf, type SalesReport } from '../domain/sales-report.ts';
import { actionsOf, describeRefusal, formatTotal, type Order } from '../domain/order.ts';

export const toOrderBody = (order: Order): Record<string, unknown> => ({
  id: order.id,
  status: order.status,
  customer: order.customer,
  lines: order.lines.map(({ bookId, quantity, unitPrice }) => ({
    bookId,
    quantity,
    unitPrice: formatAmount(unitPrice),
  })),
  total: formatTotal(order),
  currency: order.currency,
  placedAt: order.placedAt,
  version: order.version,
  actions: actionsOf(order),
  ...(order.authorizationId === null ? {} : { authorization: { id: order.authorizationId } }),
  ...(order.status === 'REFUSED'
    ? { refusal: { reason: order.refusal.reason, detail: describeRefusal(order.refusal) } }
    : {}),
});

export const toAuthorizationBody = (authorization: Authorization): Record<string, unknown> => {
  const { id, decision, reasons, customer, amount, currency, orderId, history, decidedAt } = authorization;
  return {
    id,
    decision,
    reasons,
    customer,
    amount: formatAmount(amount),
    currency,
    ...(orderId === null ? {} : { order: { id: orderId } }),
    history: { ...history, openAmount: formatAmount(history.openAmount) },
    decidedAt,
  };
};

export const toReportBody = (report: SalesReport): Record<string, unknown> => ({
  id: report.id,
  status: report.status,
  progress: progressOf(report),
  from: report.from,
  until: report.until,
  ...(report.status === 'SUCCEEDED'
    ? {
        orders: report.sales.orders,
        revenue: Object.entries(report.sales.revenue).map(([currency, cents]) => ({
          currency,
          amount: formatAmount(cents),
        })),
        books: bestSellers(report.sales),
      }
    : {}),
});
