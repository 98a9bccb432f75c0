/** Checks the arguments of one directive use against its definition: names, required ones, types. All at once. */
import {
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  isScalarType,
  Kind,
  type ASTNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  type GraphQLDirective,
  type GraphQLInputType,
} from 'graphql';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { FaultSink } from './fault-sink.ts';

const stringScalars = new Set(['String', 'JSONSelection', 'URLTemplate']);

interface Expected {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly isRequired: boolean;
}

interface Given {
  readonly name: string;
  readonly nameNode: ASTNode;
  readonly value: ConstValueNode;
}

/** Reports with `code`; gives whether the use is sound. */
export function checkArguments(
  use: ConstDirectiveNode,
  definition: GraphQLDirective,
  code: string,
  faults: FaultSink,
): boolean {
  const before = faults.faults.length;
  const expected = definition.args.map((arg) => ({ ...arg, isRequired: isRequiredArgument(arg) }));
  const given = (use.arguments ?? []).map(({ name, value }) => ({ name: name.value, nameNode: name, value }));
  checkMembers(expected, given, use, `@${use.name.value}`);
  return faults.faults.length === before;

  function checkMembers(members: readonly Expected[], values: readonly Given[], node: ASTNode, owner: string): void {
    const names = members.map(({ name }) => name);
    for (const { name, nameNode, value } of values) {
      const member = members.find((candidate) => candidate.name === name);
      if (member) checkValue(member.type, value, `"${name}" of ${owner}`);
      else faults.report(code, `${owner} has no argument "${name}"`, nameNode, didYouMean(name, names));
    }
    for (const { name, isRequired } of members) {
      if (isRequired && !values.some((value) => value.name === name)) {
        faults.report(code, `${owner} needs "${name}"`, node);
      }
    }
  }

  function checkValue(type: GraphQLInputType, node: ConstValueNode, what: string): void {
    if (isNonNullType(type)) {
      if (node.kind === Kind.NULL) faults.report(code, `${what} is null, expected ${type.toString()}`, node);
      else checkValue(type.ofType, node, what);
      return;
    }
    if (node.kind === Kind.NULL) return;
    if (isListType(type)) {
      for (const item of node.kind === Kind.LIST ? node.values : [node]) checkValue(type.ofType, item, what);
      return;
    }
    if (isInputObjectType(type) && node.kind === Kind.OBJECT) {
      const members = Object.values(type.getFields()).map((f) => ({ ...f, isRequired: isRequiredInputField(f) }));
      const values = node.fields.map(({ name, value }) => ({ name: name.value, nameNode: name, value }));
      checkMembers(members, values, node, what);
      return;
    }
    if (!isScalarType(type) || !fitsScalar(type.name, node)) {
      faults.report(code, `${what} has the wrong type, expected ${type.toString()}`, node);
    }
  }
}

function fitsScalar(name: string, node: ConstValueNode): boolean {
  if (stringScalars.has(name)) return node.kind === Kind.STRING;
  if (name === 'Int') return node.kind === Kind.INT;
  return node.kind === Kind.BOOLEAN;
}
