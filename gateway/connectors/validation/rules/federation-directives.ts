/** Federation directives that connectors cannot honour: there is no subgraph request that could carry a context (13.1). */
import { findLinks } from '../../spec/link.ts';
import type { Rule } from '../rule.ts';

const unsupported = ['@context', '@fromContext'];

export const federationDirectives: Rule = ({ document, connectors }, faults) => {
  if (connectors.length === 0) return;
  for (const { imports, directive } of findLinks(document, 'https://specs.apollo.dev/federation/')) {
    for (const name of unsupported) {
      if (!imports.has(name)) continue;
      const message = `A subgraph with connectors cannot use ${name}`;
      const hint = 'Pass the value as an argument, or read it from $context';
      faults.report('CONNECTORS_UNSUPPORTED_FEDERATION_DIRECTIVE', message, directive, hint);
    }
  }
};
