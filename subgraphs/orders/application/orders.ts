/** The use cases of orders, for both faces: REST and GraphQL call these and nothing else, so they cannot disagree. */
import { createHash } from 'node:crypto';
import type { Authorization } from '../domain/authorization.ts';
import { checkOrderInput, type OrderInput } from '../domain/order-input.ts';
import { cancelOrder, shipOrder, type Order } from '../domain/order.ts';
import { startCall, type Call } from '../services/call-service.ts';
import type { Place } from '../store/orders-store.ts';
import type { OrdersDependencies } from './dependencies.ts';
import { Gate } from './gate.ts';
import { placeOrder, releaseCopies } from './place-order.ts';
import { PlacingInterrupted, type Placement } from './placement.ts';
import { claimLeftBehind, recoverLeftBehind, settleKey } from './recover-orders.ts';

/** Who asks, and how long he waits. */
export interface Caller {
  readonly requestId: string;
  readonly timeLeftMs: number | undefined;
}

export interface PlaceResult {
  readonly placement: Placement;
  /** The answer was given before; this is it again. */
  readonly isReplayed: boolean;
}

const PLACED_AT_ONCE = 32;

/** This idempotency key came with another input before. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
}

/** The first request with this idempotency key is still being worked on. */
export class KeyInUse extends Error {
  override readonly name = 'KeyInUse';
}

export class Orders {
  readonly #dependencies: OrdersDependencies;
  readonly #gate = new Gate(PLACED_AT_ONCE);

  constructor(dependencies: OrdersDependencies) {
    this.#dependencies = dependencies;
  }

  /** Places an order; with a key at most once, however often it is asked for. */
  async place(input: OrderInput, caller: Caller, key: string | undefined): Promise<PlaceResult> {
    checkOrderInput(input);
    const givesUpAt = performance.now() + (caller.timeLeftMs ?? Infinity);
    return this.#gate.run(() => {
      const timeoutMs = Math.min(this.#dependencies.placingTimeoutMs, givesUpAt - performance.now());
      if (timeoutMs <= 0) throw new PlacingInterrupted('The time was over before the order was begun');
      return this.#placeNow(input, startCall(caller.requestId, timeoutMs), key);
    });
  }

  async #placeNow(input: OrderInput, call: Call, key: string | undefined): Promise<PlaceResult> {
    const { keys, newId, now, leaseMs } = this.#dependencies;
    const orderId = newId();
    if (key === undefined) {
      return { placement: await placeOrder(this.#dependencies, orderId, input, call), isReplayed: false };
    }
    const startedAt = now();
    const claim = { key, fingerprint: fingerprintOf(input), orderId };
    const claimed = await keys.claim(claim, startedAt, new Date(startedAt.getTime() + leaseMs));
    switch (claimed.kind) {
      case 'done':
        return { placement: claimed.outcome, isReplayed: true };
      case 'differs':
        throw new KeyReused('This idempotency key came with another order before');
      case 'running':
        throw new KeyInUse('The first request with this idempotency key is still being worked on');
      case 'claimed':
        return { placement: await this.#placeUnderKey(key, orderId, input, call), isReplayed: false };
    }
  }

  async #placeUnderKey(key: string, orderId: string, input: OrderInput, call: Call): Promise<Placement> {
    const { keys } = this.#dependencies;
    try {
      const placement = await placeOrder(this.#dependencies, orderId, input, call);
      await keys.keep(key, orderId, placement);
      return placement;
    } catch (error) {
      // What failed for no fault of the customer may be tried again; what recovery has finished meanwhile is the answer.
      const settled = await settleKey(keys, key, orderId, await this.find(orderId));
      if (settled === undefined) throw error;
      return settled;
    }
  }

  async find(id: string): Promise<Order | undefined> {
    return (await this.#dependencies.orders.find([id]))[0];
  }

  /** Those that are there, by one statement. */
  findMany(ids: readonly string[]): Promise<Order[]> {
    return this.#dependencies.orders.find(ids);
  }

  listOf(
    customer: string,
    first: number,
    after: Place | undefined,
  ): Promise<{ readonly rows: readonly Order[]; readonly total: number }> {
    return this.#dependencies.orders.listOf(customer, first, after);
  }

  /** Throws StepNotAllowed. The order is cancelled even when its copies can only be returned a little later. */
  async cancel(id: string, caller: Caller): Promise<Order | undefined> {
    const { orders, now, leaseMs } = this.#dependencies;
    let isDoneNow = false;
    const leaseUntil = new Date(now().getTime() + leaseMs);
    const order = await orders.change(id, { step: 'release', leaseUntil }, (current) => {
      const next = cancelOrder(current, now());
      isDoneNow = next !== current;
      return next;
    });
    if (isDoneNow) await releaseCopies(this.#dependencies, id, caller.requestId);
    return order;
  }

  /** Throws StepNotAllowed. */
  ship(id: string): Promise<Order | undefined> {
    const { orders, now } = this.#dependencies;
    return orders.change(id, { step: null, leaseUntil: now() }, (current) => shipOrder(current, now()));
  }

  authorize(request: Pick<Authorization, 'customer' | 'amount' | 'currency'>): Promise<Authorization> {
    const { authorizations, newId, now } = this.#dependencies;
    return authorizations.decide(newId(), { ...request, orderId: null }, now());
  }

  findAuthorization(id: string): Promise<Authorization | undefined> {
    return this.#dependencies.authorizations.find(id);
  }

  /** Finishes or undoes what was left behind; gives the number of orders. */
  async recoverOpenOrders(): Promise<number> {
    const leftBehind = await claimLeftBehind(this.#dependencies);
    await recoverLeftBehind(this.#dependencies, leftBehind);
    return leftBehind.orders.length;
  }
}

/** The same order, however its JSON was written. */
const fingerprintOf = ({ customer, lines }: OrderInput): string =>
  createHash('sha256')
    .update(JSON.stringify([customer, lines.map(({ bookId, quantity }) => [bookId, quantity])]))
    .digest('hex');
