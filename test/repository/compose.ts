/** Reads docker-compose.yml with its anchors and merge keys resolved. */
import { parse } from 'yaml';
import { readText } from './root.ts';

export interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly networks: readonly string[];
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
}

export const serviceNames = ['catalog', 'authors', 'reviews', 'inventory', 'orders'] as const;

export function readCompose() {
  const text = readText('docker-compose.yml');
  const file = parse(text, { merge: true }) as {
    services: Record<string, ComposeService>;
    networks: Record<string, { internal?: boolean }>;
  };
  return { ...file, text };
}
