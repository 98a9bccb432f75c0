/** Methods that do not exist (section 4). Below v0.3 Apollo accepts them, so there it is a warning. */
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { collectMethods } from '../../mapping/method-uses.ts';
import { methods } from '../../mapping/methods/index.ts';
import type { DeclaredSubgraph } from '../../spec/declared-subgraph.ts';
import {
  keyListMappings,
  pageMappings,
  ofTemplate,
  requestMappings,
  responseMappings,
  selectionMappings,
  sharedRequestMappings,
} from '../../spec/part-references.ts';
import { reportInPart } from '../places.ts';
import type { Rule } from '../rule.ts';

const allMappings = ({ sources, connectors }: DeclaredSubgraph) => [
  ...sources.flatMap((source) => [
    ...ofTemplate(source.baseUrl, 'INVALID_URL', true),
    ...sharedRequestMappings(source),
    ...responseMappings(source),
  ]),
  ...connectors.flatMap((connector) => [
    ...requestMappings(connector),
    ...selectionMappings(connector),
    ...responseMappings(connector),
    ...(connector.keyList ? keyListMappings(connector.keyList) : []),
    ...(connector.page ? pageMappings(connector.page) : []),
  ]),
];

export const mappingMethods: Rule = (subgraph, faults) => {
  const isWarning = subgraph.link.version === '0.1' || subgraph.link.version === '0.2';
  for (const mapping of allMappings(subgraph)) {
    for (const { name, nameSpan } of collectMethods(mapping.tree)) {
      if (methods.has(name)) continue;
      const hint = didYouMean(name, methods.keys());
      if (isWarning) faults.warn(mapping.code, `Method ->${name} does not exist`, mapping.node, hint);
      else reportInPart(faults, mapping.code, `Method ->${name} does not exist`, mapping, nameSpan, hint);
    }
  }
};
