/** Headers that are not for whoever describes a request to set (connectors.md 9.4); names in lower case. */

/** The connection and the transport set them. */
const reserved: ReadonlySet<string> = new Set([
  ...['connection', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['content-length', 'content-encoding', 'accept-encoding', 'keep-alive'],
]);

/** They say what is sent to the service and what is wanted of it, which is not what the client sent and wants. */
const ownOfRequest: ReadonlySet<string> = new Set(['content-type', 'accept', 'host']);

/** Nobody may set it. */
export const isReservedHeader = (name: string): boolean => reserved.has(name);

/** It may be set to a value, and never taken from the client's request. */
export const isOwnHeader = (name: string): boolean => ownOfRequest.has(name);
