/** What differs between the registries that a service registers itself with. */
import type { RegistryClient } from './registry-client.ts';

export interface RegisteredService {
  readonly service: string;
  readonly instance: {
    readonly addr: string;
    readonly port: number;
    readonly weight?: number;
    readonly zone?: string;
    readonly meta?: Readonly<Record<string, string>>;
  };
}

/** Each rejects when the registry does not do it. */
export interface Registrar {
  register(client: RegistryClient, signal: AbortSignal): Promise<void>;
  /** Of what was registered with the same client. */
  keepAlive(client: RegistryClient, signal: AbortSignal): Promise<void>;
  deregister(client: RegistryClient, signal: AbortSignal): Promise<void>;
}
