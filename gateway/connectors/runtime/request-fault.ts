/** A request that cannot be built: it is not sent, and becomes CONNECTOR_REQUEST_INVALID (connectors.md 9, 12.3). */
export class RequestFault extends Error {
  override readonly name = 'RequestFault';
}

/** A call that the limit of its source does not allow: REQUEST_LIMIT_EXCEEDED (connectors.md 14.1). */
export class RequestLimitFault extends Error {
  override readonly name = 'RequestLimitFault';
}
