/**
 * Features that a composed supergraph links `for: SECURITY` or `for: EXECUTION` (core specification): whoever serves it has to
 * do what they say. Those that guard fields and are not enforced here are refused, since serving them would leave the fields
 * open; those that only advise are taken out, because @apollo/gateway loads no supergraph that has them.
 */
import { Kind, print, visit, type ConstDirectiveNode, type DocumentNode } from 'graphql';
import { describeError } from '../errors/catalogue.ts';
import type { Fault } from '../errors/fault.ts';
import { toRange } from './to-range.ts';

interface Declared {
  readonly typeDefs: DocumentNode;
}

const IDENTITY = /^https:\/\/specs\.apollo\.dev\/(\w+)\//;

/** By feature: the directives of subgraphs that lead to it. */
const NOT_ENFORCED: Readonly<Record<string, readonly string[]>> = {
  authenticated: ['authenticated'],
  requiresScopes: ['requiresScopes'],
  policy: ['policy'],
  context: ['context', 'fromContext'],
};

/** They say how long to keep what, or how dear it is; leaving them aside opens nothing. */
const ADVICE: ReadonlySet<string> = new Set(['cacheTag', 'cost']);

/** One fault for each feature that cannot be enforced, at the first place that uses it. */
export function findUnenforced(supergraph: DocumentNode, subgraphs: readonly Declared[]): Fault[] {
  return linksOf(supergraph).flatMap(({ feature }): Fault[] => {
    const names = NOT_ENFORCED[feature];
    if (names === undefined) return [];
    const use = firstUse(subgraphs, names);
    const range = use === undefined ? undefined : toRange(use);
    const directive = `@${use?.name.value ?? feature}`;
    return [
      {
        code: 'COMPOSITION_NOT_ENFORCED',
        severity: 'error',
        message: describeError('COMPOSITION_NOT_ENFORCED', { directive }),
        ...(range === undefined ? {} : { range }),
      },
    ];
  });
}

/** The supergraph without features that only advise. */
export function withoutAdvice(sdl: string, supergraph: DocumentNode): string {
  const links = linksOf(supergraph).filter(({ feature }) => ADVICE.has(feature));
  if (links.length === 0) return sdl;
  const imported = new Set(links.flatMap(({ imports }) => imports));
  const isOurs = (name: string): boolean =>
    imported.has(name) || links.some((link) => name === link.name || name.startsWith(`${link.name}__`));
  return print(
    visit(supergraph, {
      Directive: (node) =>
        links.some(({ node: link }) => link === node) || isOurs(node.name.value) ? null : undefined,
      DirectiveDefinition: (node) => (isOurs(node.name.value) ? null : undefined),
      ScalarTypeDefinition: (node) => (isOurs(node.name.value) ? null : undefined),
    }),
  );
}

interface Link {
  readonly feature: string;
  /** What its elements are prefixed with. */
  readonly name: string;
  /** Names of imported directives, without the "@". */
  readonly imports: readonly string[];
  readonly node: ConstDirectiveNode;
}

function linksOf(supergraph: DocumentNode): Link[] {
  const schema = supergraph.definitions.find(({ kind }) => kind === Kind.SCHEMA_DEFINITION);
  if (schema?.kind !== Kind.SCHEMA_DEFINITION) return [];
  return (schema.directives ?? []).flatMap((node): Link[] => {
    const value = (name: string) => node.arguments?.find((argument) => argument.name.value === name)?.value;
    const [url, as, imports] = [value('url'), value('as'), value('import')];
    const feature = url?.kind === Kind.STRING ? IDENTITY.exec(url.value)?.[1] : undefined;
    if (node.name.value !== 'link' || feature === undefined) return [];
    const name = as?.kind === Kind.STRING ? as.value : feature;
    const items = imports?.kind === Kind.LIST ? imports.values : [];
    return [{ feature, name, node, imports: items.flatMap(importedName) }];
  });
}

function importedName(item: { readonly kind: Kind }): string[] {
  const text = print(item as never);
  const names = [...text.matchAll(/"@(\w+)"/g)].map(([, name]) => name!);
  return names.slice(-1);
}

/** Also where a subgraph does not import the directive, but names it with the prefix of federation. */
function firstUse(subgraphs: readonly Declared[], names: readonly string[]): ConstDirectiveNode | undefined {
  const wanted = new Set(names.flatMap((name) => [name, `federation__${name}`]));
  let found: ConstDirectiveNode | undefined;
  for (const { typeDefs } of subgraphs) {
    visit(typeDefs, {
      Directive(node) {
        if (found === undefined && wanted.has(node.name.value)) found = node as ConstDirectiveNode;
      },
    });
  }
  return found;
}
