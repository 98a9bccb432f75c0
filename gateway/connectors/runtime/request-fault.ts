/** A request that cannot be built: it is not sent, and becomes CONNECTOR_REQUEST_INVALID (connectors.md 9, 12.3). */
export class RequestFault extends Error {
  override readonly name = 'RequestFault';
}
