/**
 * The one shape of all sources of addresses (upstream.md, section 13). A source watches one service and hands over the full
 * set each time it changes; the set replaces the one before at once. It runs beside the pipeline, so no call ever waits
 * for a registry.
 */

/** One process that answers for a service. */
export interface Instance {
  /** A host name or an IP address, an IPv6 address without brackets. */
  readonly addr: string;
  readonly port: number;
  /** Its share of the traffic next to the others; more than 0, normally 1. */
  readonly weight: number;
  /** Left out, the scheme of the connector's URL holds. */
  readonly scheme?: 'http' | 'https';
  readonly zone?: string;
  readonly meta?: Readonly<Record<string, string>>;
  /** A draining instance finishes what it has and gets nothing new. */
  readonly state: 'ready' | 'draining';
}

/** Receives the full set, which replaces the one before. */
export type OnInstances = (instances: readonly Instance[]) => void;

/** A source of addresses. `onSet` may be called at once, within `watch`; after the function returned it is not called again. */
export interface Discovery {
  watch(service: string, onSet: OnInstances): () => void;
}
