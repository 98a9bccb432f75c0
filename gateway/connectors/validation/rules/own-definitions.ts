/**
 * A file may carry its own copies of the definitions (6.1). Optional parts may be left out and optional inputs made
 * required; a type, a default or a name that differs is a mistake, because Apollo's tools would read it otherwise.
 */
import {
  Kind,
  parse,
  print,
  type DirectiveDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InputValueDefinitionNode,
  type TypeNode,
} from 'graphql';
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { definitionsText } from '../../spec/definitions.ts';
import type { FaultSink } from '../../spec/fault-sink.ts';
import type { ConnectLink } from '../../spec/link.ts';
import type { Rule } from '../rule.ts';

/** One definition under comparison. */
interface Comparison {
  readonly code: string;
  readonly owner: string;
  readonly link: ConnectLink;
  readonly faults: FaultSink;
}

export const ownDefinitions: Rule = ({ document, link }, faults) => {
  const spec = parse(definitionsText, { noLocation: true }).definitions;
  for (const own of document.definitions) {
    if (own.kind === Kind.DIRECTIVE_DEFINITION) {
      const name = specDirective(own.name.value, link);
      const expected = spec.find((other) => other.kind === own.kind && other.name.value === name);
      if (expected?.kind === own.kind) compareDirective(own, expected, link, faults);
    } else if (own.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION || own.kind === Kind.SCALAR_TYPE_DEFINITION) {
      if (!link.isOwnDefinition(own.name.value)) continue;
      const name = specType(own.name.value, link);
      const expected = spec.find((other) => 'name' in other && other.name?.value === name);
      const comparison = { code: 'TYPE_DEFINITION_INVALID', owner: own.name.value, link, faults };
      if (expected?.kind !== own.kind) {
        const is = expected?.kind === Kind.SCALAR_TYPE_DEFINITION ? 'a scalar' : 'an input type';
        faults.report(comparison.code, `${name} is ${is} of the connect specification`, own.name, `Make it ${is}`);
      } else if (own.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
        const { fields } = expected as InputObjectTypeDefinitionNode;
        compareMembers(own.fields ?? [], fields ?? [], own, comparison);
      }
    }
  }
};

function specDirective(name: string, link: ConnectLink): string {
  if (name === link.connect) return 'connect';
  return name === link.source ? 'source' : name;
}

/** Apollo's JavaScript composition calls URLTemplate URLPathTemplate. */
function specType(name: string, link: ConnectLink): string {
  const spec = link.specTypeOf(name);
  return spec === 'URLPathTemplate' ? 'URLTemplate' : spec;
}

function compareDirective(
  own: DirectiveDefinitionNode,
  expected: DirectiveDefinitionNode,
  link: ConnectLink,
  faults: FaultSink,
): void {
  const comparison = { code: 'DIRECTIVE_DEFINITION_INVALID', owner: `@${own.name.value}`, link, faults };
  compareMembers(own.arguments ?? [], expected.arguments ?? [], own, comparison);
  const legal = expected.locations.map(({ value }) => value);
  for (const location of own.locations) {
    if (legal.includes(location.value)) continue;
    const message = `@${own.name.value} cannot stand on ${location.value}`;
    faults.report(comparison.code, message, location, `It stands on ${legal.join(' and ')}`);
  }
}

function compareMembers(
  own: readonly InputValueDefinitionNode[],
  expected: readonly InputValueDefinitionNode[],
  definition: DirectiveDefinitionNode | InputObjectTypeDefinitionNode,
  { code, owner, link, faults }: Comparison,
): void {
  for (const member of own) {
    const name = member.name.value;
    const like = expected.find((other) => other.name.value === name);
    if (!like) {
      const names = expected.map((other) => other.name.value);
      faults.report(code, `${owner} has no "${name}" in the connect specification`, member, didYouMean(name, names));
    } else if (!fits(member.type, like.type, link)) {
      const message = `"${name}" of ${owner} is of type ${print(member.type)}, expected ${print(like.type)}`;
      faults.report(code, message, member.type);
    } else if (member.defaultValue && printDefault(member) !== printDefault(like)) {
      const message = `"${name}" of ${owner} has the default ${printDefault(member)}, expected ${printDefault(like)}`;
      faults.report(code, message, member.defaultValue);
    }
  }
  for (const { name, type } of expected) {
    if (type.kind !== Kind.NON_NULL_TYPE || own.some((member) => member.name.value === name.value)) continue;
    faults.report(code, `${owner} lacks "${name.value}: ${print(type)}"`, definition.name);
  }
}

const printDefault = ({ defaultValue }: InputValueDefinitionNode): string =>
  defaultValue ? print(defaultValue) : 'none';

/** The same type, or the same made required. */
function fits(own: TypeNode, expected: TypeNode, link: ConnectLink): boolean {
  if (own.kind === Kind.NON_NULL_TYPE) {
    return fits(own.type, expected.kind === Kind.NON_NULL_TYPE ? expected.type : expected, link);
  }
  if (own.kind === Kind.LIST_TYPE) return expected.kind === Kind.LIST_TYPE && fits(own.type, expected.type, link);
  return expected.kind === Kind.NAMED_TYPE && specType(own.name.value, link) === expected.name.value;
}
