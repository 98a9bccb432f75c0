/** Which variables may stand where (section 7). The part's own code says which part it is. */
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { collectReferences } from '../../mapping/references.ts';
import type { ConnectDeclaration } from '../../spec/connector.ts';
import type { FaultSink } from '../../spec/fault-sink.ts';
import {
  keyListMappings,
  pageMappings,
  ofTemplate,
  requestMappings,
  responseMappings,
  selectionMappings,
  sharedRequestMappings,
  type PartMapping,
} from '../../spec/part-references.ts';
import type { SchemaIndex } from '../../spec/schema-index.ts';
import { reportInPart } from '../places.ts';
import type { Rule } from '../rule.ts';

const ofBaseUrl = ['$config', '$env'];
const ofSource = ['$config', '$context', '$request', '$env'];
const ofResponse = ['$status', '$response'];

export const legalVariables: Rule = ({ sources, connectors, schema }, faults) => {
  for (const source of sources) {
    check(ofTemplate(source.baseUrl, 'INVALID_URL', true), ofBaseUrl, faults);
    check(sharedRequestMappings(source), ofSource, faults);
    check(responseMappings(source), [...ofSource, ...ofResponse], faults);
  }
  for (const connector of connectors) {
    const own = ownVariables(connector, schema);
    check(requestMappings(connector), [...own, ...ofSource], faults);
    check(responseMappings(connector), [...own, ...ofSource, ...ofResponse], faults);
    const inSelection = [...own.filter((name) => name !== '$batch'), ...ofSource, ...ofResponse];
    check(selectionMappings(connector), inSelection, faults);
    if (connector.keyList) check(keyListMappings(connector.keyList), inSelection, faults);
    if (connector.page) check(pageMappings(connector.page), inSelection, faults);
  }
};

function ownVariables({ fieldName, typeName }: ConnectDeclaration, schema: SchemaIndex): string[] {
  if (fieldName === undefined) return ['$this', '$batch'];
  return schema.isRoot(typeName) ? ['$args'] : ['$args', '$this'];
}

function check(mappings: readonly PartMapping[], legal: readonly string[], faults: FaultSink): void {
  for (const mapping of mappings) {
    for (const reference of collectReferences(mapping.tree)) {
      const { variable, start } = reference;
      if (legal.includes(variable)) continue;
      const near = didYouMean(variable, legal)?.startsWith('Did') ? didYouMean(variable, legal) : undefined;
      const hint = [near, `It must be one of ${legal.join(', ')}`].filter(Boolean).join(' ');
      const span = { start, end: start + variable.length };
      reportInPart(
        faults,
        mapping.variableCode ?? mapping.code,
        `"${variable}" is not valid here`,
        mapping,
        span,
        hint,
      );
    }
  }
}
