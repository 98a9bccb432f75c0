/** Interfaces and unions need the version that can tell their members apart (5, 11.4). */
import { Kind } from 'graphql';
import type { Rule } from '../rule.ts';

export const abstractTypes: Rule = ({ document, connectors, link }, faults) => {
  if (connectors.length === 0 || link.isV04) return;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.INTERFACE_TYPE_DEFINITION && definition.kind !== Kind.UNION_TYPE_DEFINITION) continue;
    const what = definition.kind === Kind.UNION_TYPE_DEFINITION ? 'Union' : 'Interface';
    const message = `${what} ${definition.name.value} needs connect v0.4, this file links v${link.version}`;
    const hint = 'Raise the version in the @link to v0.4';
    faults.report('CONNECTORS_UNSUPPORTED_ABSTRACT_TYPE', message, definition.name, hint);
  }
};
