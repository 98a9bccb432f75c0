/** The list in the settings file; it changes by reload. */
import type { Discovery, Instance } from './discovery.ts';

/** Each URL names one instance; what stands behind its port is not used. */
export function createStaticDiscovery(urls: readonly string[]): Discovery {
  const instances = urls.map(instanceOfUrl);
  return {
    watch(_service, onSet) {
      onSet(instances);
      return () => {};
    },
  };
}

function instanceOfUrl(text: string): Instance {
  const { protocol, hostname, port } = new URL(text);
  const scheme = protocol === 'https:' ? 'https' : 'http';
  return {
    addr: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? { http: 80, https: 443 }[scheme] : Number(port),
    weight: 1,
    scheme,
    state: 'ready',
  };
}
