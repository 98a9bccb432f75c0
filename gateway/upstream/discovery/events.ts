/** What discovery has to say to logs: transitions only, never one line a poll. */
interface About {
  readonly service: string;
  /** Of the source. */
  readonly type: string;
}

export type DiscoveryEvent =
  | (About & { readonly kind: 'instances-changed'; readonly instances: number })
  | (About & { readonly kind: 'instances-refused'; readonly refused: number })
  | (About & { readonly kind: 'registry-lost'; readonly reason: string; readonly instances: number })
  | (About & { readonly kind: 'registry-found' })
  | { readonly kind: 'snapshot-failed'; readonly reason: string };

export type EmitDiscoveryEvent = (event: DiscoveryEvent) => void;
