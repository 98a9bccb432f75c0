/**
 * What a registry or a file says of one instance, read with distrust: `127.0.0.1:4101`, `http://127.0.0.1:4101`, or an object
 * with `addr`, `port` and the rest. The keys of an instance always come in one order, so that sets can be compared as text.
 */
import { isIP } from 'node:net';
import type { Instance } from './discovery.ts';

/** Undefined for what is no address. */
export function readInstance(candidate: unknown): Instance | undefined {
  if (typeof candidate === 'string') return readText(candidate);
  if (typeof candidate !== 'object' || candidate === null) return undefined;
  return readObject(candidate as Record<string, unknown>);
}

/** What makes two instances the same process. */
export const instanceKey = ({ addr, port }: Instance): string => `${addr} ${port}`;

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443 };

function readText(text: string): Instance | undefined {
  const url = /^https?:\/\//.test(text) ? text : `tcp://${text}`;
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port, pathname, search, username } = new URL(url);
  // A path would be lost: the path of a call comes from its connector.
  if (!['', '/'].includes(pathname) || search !== '' || username !== '') return undefined;
  const scheme = protocol.slice(0, -1);
  return readObject({
    addr: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? defaultPorts[scheme] : Number(port),
    ...(scheme === 'tcp' ? {} : { scheme }),
  });
}

function readObject({ addr, port, weight = 1, scheme, zone, meta, state = 'ready' }: Record<string, unknown>) {
  if (!isHost(addr) || !isPort(port)) return undefined;
  if (typeof weight !== 'number' || !(weight > 0) || weight > 1_000_000) return undefined;
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return undefined;
  if (zone !== undefined && typeof zone !== 'string') return undefined;
  if (meta !== undefined && !isMeta(meta)) return undefined;
  if (state !== 'ready' && state !== 'draining') return undefined;
  const instance: Instance = {
    addr,
    port,
    weight,
    ...(scheme === undefined ? {} : { scheme }),
    ...(zone === undefined ? {} : { zone }),
    ...(meta === undefined ? {} : { meta }),
    state,
  };
  return instance;
}

const isHost = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length <= 253 &&
  (isIP(value) !== 0 || /^[A-Za-z0-9_]([A-Za-z0-9_.-]*)$/.test(value));

const isPort = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;

const isMeta = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((member) => typeof member === 'string');
