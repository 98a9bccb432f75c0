/**
 * Placing an order, as an orchestration (patterns.md, "orchestration"): prices, then reserve, authorize, commit, confirm.
 * Before anything is asked of another service, the order and the step it is at are in the database; a step that fails
 * undoes what was done before, and what a crash leaves behind is taken up by recovery (recover-orders.ts).
 *
 * Once it has begun it does not stop when the client leaves: the answer is kept for the client's next attempt.
 */
import { UpstreamError } from 'tributary-gateway/upstream';
import { checkOrderInput, InvalidOrder, type OrderInput } from '../domain/order-input.ts';
import { confirmOrder, openOrder, refuseOrder, type OpenOrder, type OrderLine, type Refusal } from '../domain/order.ts';
import { startCall, type Call } from '../services/call-service.ts';
import type { BookPrice } from '../services/catalog-client.ts';
import type { OrdersDependencies } from './dependencies.ts';
import { PlacingInterrupted, type Placement } from './placement.ts';

/** Places an order under `id`. Rejects with UpstreamError or PlacingInterrupted when it may be tried again. */
export async function placeOrder(
  dependencies: OrdersDependencies,
  id: string,
  input: OrderInput,
  call: Call,
): Promise<Placement> {
  const { orders, catalog, now, leaseMs } = dependencies;
  checkOrderInput(input);
  const bookIds = input.lines.map(({ bookId }) => bookId);
  const prices = await catalog.readPrices(bookIds, call);
  const unknown = bookIds.findIndex((bookId) => !prices.has(bookId));
  if (unknown >= 0) {
    const refusal = { reason: 'unknown-book', bookId: bookIds[unknown]!, line: unknown } as const;
    return { kind: 'refused', refusal, orderId: null };
  }
  const { lines, currency } = priceLines(input, prices);
  const placedAt = now();
  const order = openOrder({ id, customer: input.customer, lines, currency, placedAt: placedAt.toISOString() });
  await orders.open(order, new Date(placedAt.getTime() + leaseMs));
  return finishPlacing(dependencies, order, call);
}

/** Throws InvalidOrder when the prices cannot be added up. */
function priceLines(
  { lines }: OrderInput,
  prices: ReadonlyMap<string, BookPrice>,
): { lines: OrderLine[]; currency: string } {
  const { currency } = prices.get(lines[0]!.bookId)!;
  const other = lines.findIndex(({ bookId }) => prices.get(bookId)!.currency !== currency);
  if (other >= 0) {
    const pointer = `/lines/${other}/bookId`;
    throw new InvalidOrder([{ pointer, detail: 'The prices of one order must be in one currency' }]);
  }
  const priced = lines.map(({ bookId, quantity }) => ({ bookId, quantity, unitPrice: prices.get(bookId)!.amount }));
  return { lines: priced, currency };
}

async function finishPlacing(dependencies: OrdersDependencies, opened: OpenOrder, call: Call): Promise<Placement> {
  const { orders, authorizations, inventory, now, newId } = dependencies;
  let order = opened;
  const refuse = (refusal: Refusal, hasToRelease: boolean): Promise<void> =>
    refusePlacing(dependencies, order, refusal, { hasToRelease, requestId: call.requestId });
  try {
    const reserved = await inventory.reserve(order.id, order.lines, call);
    if (reserved.kind === 'over') throw new PlacingInterrupted('The reservation was undone meanwhile');
    if (reserved.kind === 'out-of-stock') {
      const { bookId, available } = reserved;
      const refusal = { reason: 'out-of-stock', bookId, available } as const;
      await refuse(refusal, false);
      return { kind: 'refused', refusal, orderId: order.id };
    }
    const decided = await authorizations.decideOrder(newId(), order, now());
    order = decided.order;
    if (decided.authorization.decision === 'REFUSED') {
      const reasons = decided.authorization.reasons.map(({ detail }) => detail);
      const refusal = { reason: 'authorization-refused', reasons } as const;
      await refuse(refusal, true);
      return { kind: 'refused', refusal, orderId: order.id };
    }
    if (!(await inventory.commit(order.id, call))) throw new PlacingInterrupted('The reservation is over');
    const confirmed = confirmOrder(order);
    await orders.save(confirmed, null);
    return { kind: 'placed', order: confirmed };
  } catch (error) {
    if (error instanceof UpstreamError) await refuse({ reason: 'service-unavailable' }, true);
    else if (error instanceof PlacingInterrupted) await refuse({ reason: 'interrupted' }, true);
    // Anything else is a fault of our own (no database): the order stays open, and recovery takes it up.
    throw error;
  }
}

/** Writes down that the order is refused, then lets its copies go: now, or by recovery when that does not work now. */
export async function refusePlacing(
  dependencies: OrdersDependencies,
  order: OpenOrder,
  refusal: Refusal,
  options: { readonly hasToRelease: boolean; readonly requestId: string },
): Promise<void> {
  await dependencies.orders.save(refuseOrder(order, refusal), options.hasToRelease ? 'release' : null);
  if (options.hasToRelease) await releaseCopies(dependencies, order.id, options.requestId);
}

/** Lets the copies of an order go; leaves it to recovery when the inventory cannot be reached. */
export async function releaseCopies(
  { inventory, orders, now, undoTimeoutMs, retryMs }: OrdersDependencies,
  orderId: string,
  requestId: string,
): Promise<void> {
  try {
    // A fresh deadline: the one of placing may just have passed.
    await inventory.release(orderId, startCall(requestId, undoTimeoutMs));
    await orders.settle(orderId);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    await orders.postpone(orderId, new Date(now().getTime() + retryMs));
  }
}
