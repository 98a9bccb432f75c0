/**
 * Where the instances of a service are (upstream.md, sections 2 and 13). One flat group for all kinds of source: so the reference
 * page has a row for each option, and an option of another kind is told by name.
 */
import { resolve } from 'node:path';
import { z } from 'zod';
import type { DiscoverySettings } from '../upstream/discovery/discover-services.ts';
import { duration, group, httpUrl, list, oneOf, path, text, wholeNumber } from './values.ts';

type Kind = DiscoverySettings['type'];

/** Of a registry that is reached by https. */
const tlsFiles = ['caFile', 'certFile', 'keyFile'];

/** What each kind needs, and what it may have besides. */
const optionsOf: Readonly<Record<Kind, { readonly needs: readonly string[]; readonly takes: readonly string[] }>> = {
  static: { needs: ['instances'], takes: [] },
  file: { needs: ['path'], takes: ['poll'] },
  dns: { needs: ['name'], takes: ['record', 'port', 'servers', 'ttlMin', 'ttlMax', 'negativeTtl'] },
  etcd: { needs: ['endpoints', 'prefix'], takes: ['user', 'password', ...tlsFiles] },
  consul: { needs: ['address', 'service'], takes: ['wait', 'token', ...tlsFiles] },
  kubernetes: { needs: ['namespace', 'service'], takes: ['port', 'address', 'tokenFile', ...tlsFiles] },
  eureka: { needs: ['address', 'app'], takes: ['poll', ...tlsFiles] },
};

const options = group({
  type: oneOf('static', 'file', 'dns', 'etcd', 'consul', 'kubernetes', 'eureka').describe(
    'The kind of source; static is the list given here',
  ),
  instances: list(httpUrl(), 'a list of addresses')
    .refine((instances) => instances.length > 0, { error: 'at least one address' })
    .optional()
    .describe('For static: addresses of the instances; each takes the place of host and port of the connector'),
  path: path().optional().describe('For file: a list of addresses, in YAML or JSON'),
  poll: duration()
    .optional()
    .describe('For file and eureka: how often it is read even when nothing tells of a change; 5s and 30s by default'),
  name: text('a name in DNS').optional().describe('For dns: the name, such as _http._tcp.authors.internal'),
  record: oneOf('SRV', 'A', 'AAAA').optional().describe('For dns: the kind of record; SRV by default'),
  port: z
    .union([wholeNumber(1, 65_535), text()], { error: 'a port, or its name' })
    .optional()
    .meta({ title: 'number or name' })
    .describe('For dns with A or AAAA: the port; for kubernetes: its name or number, the first one by default'),
  servers: list(text('an address such as 127.0.0.1:53'), 'a list of addresses')
    .optional()
    .describe('For dns: the servers that are asked; those of the machine by default'),
  ttlMin: duration().optional().describe('For dns: an answer is used at least so long; 1s by default'),
  ttlMax: duration().optional().describe('For dns: an answer is used at most so long; 30s by default'),
  negativeTtl: duration().optional().describe('For dns: how soon an empty answer is asked for again; 1s by default'),
  endpoints: list(httpUrl(), 'a list of addresses')
    .refine((endpoints) => endpoints.length > 0, { error: 'at least one address' })
    .optional()
    .describe('For etcd: the addresses of its members'),
  prefix: text('a prefix such as "/services/orders/"').optional().describe('For etcd: where the keys begin'),
  user: text().optional().describe('For etcd with authentication: the name of the user'),
  password: text().optional().describe('For etcd: the password of the user; write it as a variable'),
  address: httpUrl()
    .optional()
    .describe('For consul, eureka and kubernetes: the registry; kubernetes finds its own inside a cluster'),
  service: text().optional().describe('For consul and kubernetes: the name of the service there'),
  wait: duration().optional().describe('For consul: how long one query may wait for a change; 55s by default'),
  token: text().optional().describe('For consul: the token of the access control list'),
  namespace: text().optional().describe('For kubernetes: the namespace of the service'),
  tokenFile: path().optional().describe('For kubernetes: the token; that of the pod by default'),
  caFile: path()
    .optional()
    .describe('For a registry by https: its certificate authority; for kubernetes that of the pod by default'),
  certFile: path()
    .optional()
    .describe('For a registry by https that asks for one: the certificate that is shown to it'),
  keyFile: path().optional().describe('For a registry by https: the key of `certFile`'),
  app: text().optional().describe('For eureka: the name of the application'),
});

/** The group `services.<name>.discovery`. */
export const discoverySchema = options.superRefine((checked, context) => {
  const { needs, takes } = optionsOf[checked.type];
  const written = Object.keys(checked).filter((name) => name !== 'type');
  const foreign = written.filter((name) => !needs.includes(name) && !takes.includes(name));
  if (foreign.length > 0) context.addIssue({ code: 'unrecognized_keys', keys: foreign, input: checked });
  for (const name of needs.filter((needed) => !written.includes(needed))) {
    context.addIssue({ code: 'custom', path: [name], message: `a value, because type is "${checked.type}"` });
  }
  if (checked.type !== 'dns') return;
  const isService = (checked.record ?? 'SRV') === 'SRV';
  if (isService && checked.port !== undefined) {
    context.addIssue({ code: 'custom', path: ['port'], message: 'no value: SRV records have ports' });
  }
  if (!isService && typeof checked.port !== 'number') {
    context.addIssue({
      code: 'custom',
      path: ['port'],
      message: `a port, because ${checked.record} records have none`,
    });
  }
});

const ownPod = '/var/run/secrets/kubernetes.io/serviceaccount';

/** With defaults filled in; paths start from `folder`. */
export function resolveDiscovery(checked: z.output<typeof options>, folder: string): DiscoverySettings {
  const file = (name: string | undefined) => (name === undefined ? undefined : resolve(folder, name));
  const { type, poll, port, instances = [], endpoints = [], address = '', service = '' } = checked;
  const tls = { caFile: file(checked.caFile), certFile: file(checked.certFile), keyFile: file(checked.keyFile) };
  switch (type) {
    case 'static':
      return { type, instances };
    case 'file':
      return { type, path: resolve(folder, checked.path ?? ''), pollMs: poll ?? 5_000 };
    case 'dns':
      return {
        type,
        name: checked.name ?? '',
        record: checked.record ?? 'SRV',
        port: typeof port === 'number' ? port : undefined,
        servers: checked.servers,
        ttlMinMs: checked.ttlMin ?? 1_000,
        ttlMaxMs: checked.ttlMax ?? 30_000,
        negativeTtlMs: checked.negativeTtl ?? 1_000,
      };
    case 'etcd':
      return {
        type,
        endpoints,
        prefix: checked.prefix ?? '',
        ...(checked.user === undefined ? {} : { user: { name: checked.user, password: checked.password ?? '' } }),
        ...tls,
      };
    case 'consul':
      return { type, address, service, waitMs: checked.wait ?? 55_000, token: checked.token, ...tls };
    case 'kubernetes': {
      // The files of the pod belong to the API server of its cluster, and are sent to no other.
      const pod = (name: string) => (checked.address === undefined ? `${ownPod}/${name}` : undefined);
      return {
        type,
        address: checked.address ?? 'https://kubernetes.default.svc',
        namespace: checked.namespace ?? '',
        service,
        port,
        tokenFile: file(checked.tokenFile) ?? pod('token'),
        ...tls,
        caFile: tls.caFile ?? pod('ca.crt'),
      };
    }
    case 'eureka':
      return { type, address, app: checked.app ?? '', pollMs: poll ?? 30_000, ...tls };
  }
}
