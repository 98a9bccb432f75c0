/** What orders asks the inventory: hold copies for an order, take them, let them go. All of it may be sent twice. */
import type { CallUpstream, JsonValue } from 'tributary-gateway/upstream';
import { jsonOf, member, ServiceClient, type Call } from './call-service.ts';

export type ReserveResult =
  | { readonly kind: 'held' }
  | { readonly kind: 'out-of-stock'; readonly bookId: string; readonly available: number }
  /** The reservation was there and is over: somebody undid the order meanwhile. */
  | { readonly kind: 'over' };

/** A hold that nobody decides about ends by itself: the net below recovery. */
const HOLD_SECONDS = 120;

export class InventoryClient {
  readonly #service: ServiceClient;

  constructor(baseUrl: string, callUpstream: CallUpstream) {
    this.#service = new ServiceClient('inventory', baseUrl, callUpstream);
  }

  /** Holds all lines or none. The reservation has the id of the order. */
  async reserve(
    orderId: string,
    lines: readonly { readonly bookId: string; readonly quantity: number }[],
    call: Call,
  ): Promise<ReserveResult> {
    const wanted: JsonValue = {
      lines: lines.map(({ bookId, quantity }) => ({ bookId, quantity })),
      ttlSeconds: HOLD_SECONDS,
    };
    const response = await this.#service.write('PUT', pathOf(orderId), wanted, call);
    const body = jsonOf(response);
    if (response.status === 200 || response.status === 201) {
      return { kind: member(body, 'state') === 'HELD' ? 'held' : 'over' };
    }
    const [bookId, available] = [member(body, 'bookId'), member(body, 'available')];
    if (response.status === 409 && typeof bookId === 'string' && typeof available === 'number') {
      return { kind: 'out-of-stock', bookId, available };
    }
    throw this.#service.failure(response);
  }

  /** False when the reservation is over, or was never made. */
  async commit(orderId: string, call: Call): Promise<boolean> {
    const response = await this.#service.write('POST', `${pathOf(orderId)}/commitment`, undefined, call);
    if (response.status === 200) return true;
    if (response.status === 404 || response.status === 409) return false;
    throw this.#service.failure(response);
  }

  /** Copies that are held or taken for the order are to be had again; none is fine as well. */
  async release(orderId: string, call: Call): Promise<void> {
    const response = await this.#service.write('POST', `${pathOf(orderId)}/release`, undefined, call);
    if (response.status !== 200 && response.status !== 404) throw this.#service.failure(response);
  }
}

const pathOf = (orderId: string): string => `/v1/reservations/${encodeURIComponent(orderId)}`;
