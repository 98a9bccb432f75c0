/** Rules 14 and 17 for links and `location`: a mapping that does not parse or reads what is not selected, a link that leads nowhere. */
import type { ASTNode, GraphQLSchema } from 'graphql';
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { argumentNode, type Declaration } from '../declaration.ts';
import { readFactMapping, type FactMapping, type MappingFault } from '../fact-mapping.ts';
import { readLocation } from '../location-template.ts';
import { resultOf } from './known-paths.ts';
import { successTypes } from './outcomes-exhaustive.ts';
import type { Rule, RuleContext } from './rule.ts';

/** Keys that every success of an operation selects. */
function selectedKeys(declaration: Declaration, schema: GraphQLSchema): string[] {
  const variants = resultOf(declaration)?.selection?.variants;
  const success = successTypes(declaration, schema);
  return success.flatMap((type) => [...(variants?.get(type)?.fields.keys() ?? [])]);
}

class MappingChecker {
  readonly #declaration: Declaration;
  readonly #keys: readonly string[];
  readonly #report: RuleContext['report'];

  constructor(declaration: Declaration, { schema, report }: RuleContext) {
    this.#declaration = declaration;
    this.#keys = selectedKeys(declaration, schema);
    this.#report = report;
  }

  check(mapping: FactMapping | MappingFault, what: string, node: ASTNode): void {
    const { name } = this.#declaration;
    if ('fault' in mapping) {
      this.#report(`${what} of "${name}" does not read: ${mapping.fault}`, node, mapping.hint);
      return;
    }
    for (const key of mapping.reads) {
      if (this.#keys.includes(key)) continue;
      this.#report(
        `${what} of "${name}" reads "${key}", which is not selected`,
        node,
        didYouMean(key, this.#keys) ?? 'Select it: a link costs no call of its own',
      );
    }
  }
}

/** Names that a link fills the path of its target with, when no mapping does: the key of the resource. */
const keyNames = (declaration: Declaration, all: readonly Declaration[], schema: GraphQLSchema): readonly string[] => {
  const [type] = successTypes(declaration, schema);
  const { version } = declaration;
  return all.find((one) => one.version === version && one.resource?.values.type === type)?.resource?.values.key ?? [];
};

export const mappingsFit: Rule = (context) => {
  const { declarations, schema, report } = context;
  for (const declaration of declarations) {
    const { rels, http, name, version } = declaration;
    const checker = new MappingChecker(declaration, context);
    const { location } = http.values;
    if (location !== undefined) {
      const node = argumentNode(http.node, 'location');
      const template = readLocation(location);
      if ('fault' in template) checker.check(template, '"location"', node);
      else for (const part of template.parts) if (typeof part !== 'string') checker.check(part, '"location"', node);
      if (http.values.method !== 'POST' || !declaration.isMutation) {
        report(`"${name}" has a location, but creates nothing: expected a mutation under POST`, node);
      }
    }
    const siblings = declarations.filter((other) => other.version === version);
    for (const { rel, to, args, when } of rels?.values.add ?? []) {
      if (context.disabled.has(to)) continue;
      const node = argumentNode(rels!.node, 'add');
      const target = siblings.find((other) => other.name === to);
      if (!target) {
        const names = siblings.map((other) => other.name);
        report(`Link "${rel}" of "${name}" leads to "${to}", which is no operation`, node, didYouMean(to, names));
        continue;
      }
      if (when !== undefined) checker.check(readFactMapping(when, 'expression'), `"when" of link "${rel}"`, node);
      const mapping = args === undefined ? undefined : readFactMapping(args, 'selection');
      if (mapping) checker.check(mapping, `"args" of link "${rel}"`, node);
      if (typeof target.segments === 'string' || (mapping && 'fault' in mapping)) continue;
      const filled = mapping ? mapping.gives : keyNames(declaration, declarations, schema);
      for (const segment of target.segments) {
        if (segment.kind === 'literal' || filled.includes(segment.name)) continue;
        const hint = `Write args: "${segment.name}: $.id"`;
        report(`Link "${rel}" of "${name}" fills no "{${segment.name}}" of "${to}"`, node, hint);
      }
    }
  }
};
