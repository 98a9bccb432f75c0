/** A connector as its spans name it (connectors.md 14.3): what stands in the file, without the query strings of its addresses. */
import type { Connector } from '../spec/connector.ts';

export interface ConnectorDetail {
  /** `catalog:Query.book[0]`. */
  readonly coordinate: string;
  /** `{"GET":"/books/{$args.id}"}`; undefined for one that calls nobody. */
  readonly detail?: string;
  readonly selection: string;
  readonly sourceName?: string;
  /** `{"baseURL":"http://127.0.0.1:4001"}`. */
  readonly sourceDetail?: string;
}

export function describeConnector({ coordinate, http, selection, source }: Connector): ConnectorDetail {
  const baseURL = source?.baseUrl && withoutSecrets(source.baseUrl.text);
  return {
    coordinate,
    ...(http ? { detail: JSON.stringify({ [http.method]: withoutSecrets(http.url.text) }) } : {}),
    selection: selection.node.value,
    ...(source ? { sourceName: source.name } : {}),
    ...(baseURL === undefined ? {} : { sourceDetail: JSON.stringify({ baseURL }) }),
  };
}

/** Keys are written into query strings and before the host of an address. */
const withoutSecrets = (template: string): string => template.replace(/\?[^]*$/, '').replace(/\/\/[^/@]*@/, '//');
