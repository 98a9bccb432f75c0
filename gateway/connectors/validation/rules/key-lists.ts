/** Where a key list is possible (3.4), with the two widenings that `runtime/key-list.ts` describes. */
import { mayProvide, shapeOfMapping } from '../../mapping/shape.ts';
import { inferKeys } from '../../spec/build-connectors.ts';
import type { ConnectDeclaration, KeyList } from '../../spec/connector.ts';
import { keyReferences } from '../../spec/part-references.ts';
import type { Rule } from '../rule.ts';

export const keyLists: Rule = ({ connectors }, faults) => {
  for (const connector of connectors) {
    const { keyList, isFaulty } = connector;
    const reason = keyList && !isFaulty ? whyNot(connector, keyList) : undefined;
    if (reason !== undefined)
      faults.report('KEY_LIST_NOT_POSSIBLE', `A key list is not possible here: ${reason}`, keyList!.directive);
  }
};

function whyNot(connector: ConnectDeclaration, keyList: KeyList): string | undefined {
  const { kind, methods, body, selection } = connector;
  if (kind === 'root') return 'the connector answers no entity';
  if (kind === 'batch') return 'the connector is a batch already';
  if (methods[0]?.method !== 'GET' || body) return 'the connector is no GET, or has a body';
  const [key, ...others] = inferKeys(connector);
  if (!key) return 'the connector reads no key';
  if (others.length > 0 || key[1].size > 0) return 'the key of the connector is more than one scalar field';
  const [name] = key;
  if (readsKeyElsewhere(connector, name)) return `"${name}" is read outside the URL and the selection`;
  if (keyList.itemKey) return undefined;
  if (kind === 'field') return 'a connector on a field needs "itemKey"';
  const hasKey = selection !== undefined && mayProvide(shapeOfMapping(selection.tree), name);
  return hasKey ? undefined : `neither "itemKey" nor "${name}" in the selection says whose an item is`;
}

function readsKeyElsewhere(connector: ConnectDeclaration, name: string): boolean {
  const variable = connector.kind === 'entity' ? '$args' : '$this';
  const headers = new Set(connector.headers.map(({ value }) => value?.node));
  return keyReferences(connector).some(
    ({ reference, node }) => headers.has(node) && reference.variable === variable && reference.keys[0]?.key === name,
  );
}
