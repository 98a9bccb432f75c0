/** What a client of a column has to know by heart: addresses, names of actions, rels. Members it reads are left out for all. */
import { parse } from 'graphql';
import type { Column } from './columns.ts';
import type { Step } from './use-case.ts';

export interface Coupling {
  /** Addresses and templates of addresses. */
  readonly addresses: readonly string[];
  /** Names of actions, of rels, or of root fields. */
  readonly names: readonly string[];
}

const verbs = ['get', 'post', 'put', 'patch', 'delete'] as const;

export function couplingOf(column: Column, rounds: readonly (readonly Step[])[]): Coupling {
  const addresses = new Set<string>();
  const names = new Set<string>();
  for (const step of rounds.flat()) {
    if ('query' in step) {
      addresses.add('/graphql');
      for (const name of rootFields(step.query)) names.add(name);
    } else if ('follow' in step) {
      if (step.follow === 'entry') addresses.add('/');
      else names.add(step.named === undefined ? step.follow : `${step.follow} (${step.named})`);
    } else if ('action' in step) {
      addresses.add('resource' in step ? templateOf(step.resource) : `/${column.toLowerCase()}`);
      names.add(step.action);
    } else {
      for (const verb of verbs) if (step[verb] !== undefined) addresses.add(templateOf(step[verb]));
    }
  }
  return { addresses: [...addresses], names: [...names] };
}

/** Addresses that differ only in what fills their holes are one template. */
const templateOf = (path: string): string => path.replaceAll(/\{[^{}]*\}/g, '{}').replace(/\?.*$/, '');

const rootFields = (query: string): string[] =>
  parse(query).definitions.flatMap((definition) =>
    definition.kind === 'OperationDefinition'
      ? definition.selectionSet.selections.flatMap((field) => (field.kind === 'Field' ? [field.name.value] : []))
      : [],
  );
