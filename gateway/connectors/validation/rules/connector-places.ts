/** Where connectors may stand, and what `entity` and `batch` may say there (6.1, 11.1, 11.3). */
import { argumentPlace, placeOf } from '../places.ts';
import type { ConnectDeclaration } from '../../spec/connector.ts';
import { requestReferences } from '../../spec/part-references.ts';
import type { FaultSink } from '../../spec/fault-sink.ts';
import type { Rule } from '../rule.ts';

export const connectorPlaces: Rule = ({ connectors, schema }, faults) => {
  const subscription = schema.types.get('Subscription')?.fields.values().next().value;
  if (subscription) {
    faults.report('SUBSCRIPTION_IN_CONNECTORS', 'A subgraph with connectors has no subscriptions', subscription.node);
  }
  for (const connector of connectors) {
    const { fieldName, typeName, isEntity, directive } = connector;
    if (fieldName === undefined) checkOnType(connector, schema.isRoot(typeName), faults);
    else if (isEntity === true && typeName !== schema.queryName) {
      const hint = 'On a type, @connect needs no "entity"';
      const message = `${placeOf(connector)} has entity: true, which only fields of ${schema.queryName} may have`;
      faults.report('ENTITY_NOT_ON_ROOT_QUERY', message, argumentPlace(connector, 'entity'), hint);
    }
    if (connector.batch?.maxSize !== undefined && connector.batch.maxSize < 1) {
      faults.report('GRAPH_QL_ERROR', '"maxSize" must be at least 1', connector.batch.node);
    }
    const reads = new Set(requestReferences(connector).map(({ reference }) => reference.variable));
    if (reads.has('$batch') && reads.has('$this')) {
      faults.report('CONNECT_BATCH_AND_THIS', `${placeOf(connector)} reads both $batch and $this`, directive);
    }
  }
};

function checkOnType(connector: ConnectDeclaration, isRoot: boolean, faults: FaultSink): void {
  const { typeName, isEntity, directive } = connector;
  if (isRoot) faults.report('CONNECT_ON_ROOT', `@connect cannot stand on ${typeName} itself`, directive);
  if (isEntity !== false) return;
  const message = `A connector on a type answers entities: ${typeName} cannot have entity: false`;
  faults.report('CONNECT_ON_TYPE_MUST_BE_ENTITY', message, argumentPlace(connector, 'entity'));
}
