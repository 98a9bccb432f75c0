/** Which calls can answer a field or an entity, for people who read a query plan. */
import { mayProvide } from '../mapping/shape.ts';
import type { Connector } from '../spec/connector.ts';

/** `Type.field`: the field's own connectors, else those of its type that give it. `Type`: those that answer its entities. */
export function describeCalls(coordinate: string, connectors: readonly Connector[]): string[] {
  const { own, ofEntity } = findConnectors(coordinate, connectors);
  return (own.length > 0 ? own : ofEntity).flatMap(({ http, keyList }) => [
    ...(http ? [`${http.method} ${http.url.text}`] : []),
    ...(keyList ? [`GET ${keyList.get.text} (${keyList.param}=…)`] : []),
  ]);
}

/** `catalog.api http: GET /books/{$args.id}`, as Apollo Router names what it fetches from connectors. */
export function nameCalls(coordinate: string, connectors: readonly Connector[]): string[] {
  const { own, ofEntity } = findConnectors(coordinate, connectors);
  // Of those that answer an entity the first one is asked
  return (own.length > 0 ? own : ofEntity.slice(0, 1)).flatMap(({ http, source, kind, coordinate: place }) => {
    const [subgraph] = place.split(':', 1);
    const service = source ? `${subgraph}.${source.name}` : subgraph;
    return http ? [`${kind === 'batch' ? '[BATCH] ' : ''}${service} http: ${http.method} ${http.url.text}`] : [];
  });
}

function findConnectors(coordinate: string, connectors: readonly Connector[]) {
  const [typeName, fieldName] = coordinate.split('.', 2);
  const own = connectors.filter(
    (connector) => fieldName !== undefined && connector.typeName === typeName && connector.fieldName === fieldName,
  );
  const ofEntity = connectors.filter(
    (connector) =>
      connector.entityType === typeName && (fieldName === undefined || mayProvide(connector.shape, fieldName)),
  );
  return { own, ofEntity };
}
