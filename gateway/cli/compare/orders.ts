/** What the command and the process of the measured gateway say to each other. */
import type { UseCase } from '../../compare/use-case.ts';

export type GatewayOrder =
  | { readonly id: number; readonly kind: 'upstream-calls'; readonly requestIds: readonly string[] }
  | { readonly id: number; readonly kind: 'cpu' }
  | { readonly id: number; readonly kind: 'fault'; readonly fault: UseCase['fault'] | null };

/** The first one, with id 0, says where the gateway is. */
export type GatewayAnswer =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

/** An order without its number. */
export type Order = GatewayOrder extends infer One ? (One extends unknown ? Omit<One, 'id'> : never) : never;
