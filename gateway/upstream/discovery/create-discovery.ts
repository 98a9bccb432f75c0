/** From the settings of a service to its source of addresses. */
import type { Discovery } from './discovery.ts';
import { createStaticDiscovery } from './static.ts';

export type DiscoverySettings = { readonly type: 'static'; readonly instances: readonly string[] };

export function createDiscovery(settings: DiscoverySettings): Discovery {
  switch (settings.type) {
    case 'static':
      return createStaticDiscovery(settings.instances);
  }
}
