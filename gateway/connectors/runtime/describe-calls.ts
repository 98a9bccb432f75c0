/** Which calls can answer a field or an entity, for people who read a query plan. */
import { mayProvide } from '../mapping/shape.ts';
import type { Connector } from '../spec/connector.ts';

/** `Type.field`: the field's own connectors, else those of its type that give it. `Type`: those that answer its entities. */
export function describeCalls(coordinate: string, connectors: readonly Connector[]): string[] {
  const [typeName, fieldName] = coordinate.split('.', 2);
  const own = connectors.filter((connector) => connector.typeName === typeName && connector.fieldName === fieldName);
  const ofEntity = connectors.filter(
    (connector) =>
      connector.entityType === typeName && (fieldName === undefined || mayProvide(connector.shape, fieldName)),
  );
  const found = fieldName !== undefined && own.length > 0 ? own : ofEntity;
  return found.flatMap(({ http, keyList }) => [
    ...(http ? [`${http.method} ${http.url.text}`] : []),
    ...(keyList ? [`GET ${keyList.get.text} (${keyList.param}=…)`] : []),
  ]);
}
