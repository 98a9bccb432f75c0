/** What a field with `entity: true` returns, and how its arguments make the key (11.1). */
import { Kind, print, type TypeNode } from 'graphql';
import { didYouMean } from '../../../errors/did-you-mean.ts';
import type { ConnectDeclaration } from '../../spec/connector.ts';
import type { DeclaredSubgraph } from '../../spec/declared-subgraph.ts';
import type { FaultSink } from '../../spec/fault-sink.ts';
import { keyReferences } from '../../spec/part-references.ts';
import { namedTypeOf, type FieldEntry, type SchemaIndex, type TypeEntry } from '../../spec/schema-index.ts';
import { placeOf } from '../places.ts';
import type { Rule } from '../rule.ts';

const mismatch = 'ENTITY_RESOLVER_ARGUMENT_MISMATCH';

export const entityFields: Rule = (subgraph, faults) => {
  for (const connector of subgraph.connectors) {
    if (connector.kind !== 'entity') continue;
    const field = subgraph.schema.types.get(connector.typeName)?.fields.get(connector.fieldName!);
    if (!field) continue;
    const reason = whyNoEntity(field.type, subgraph);
    if (reason === undefined) checkArguments(connector, field, subgraph.schema, faults);
    else {
      const hint = 'An entity is one object that may be null: book(id: ID!): Book';
      faults.report('ENTITY_TYPE_INVALID', `${placeOf(connector)} has entity: true, but ${reason}`, field.type, hint);
    }
  }
};

const returns = (type: TypeNode): string => `returns ${print(type)}`;

function whyNoEntity(type: TypeNode, { schema, link }: DeclaredSubgraph): string | undefined {
  if (type.kind === Kind.NON_NULL_TYPE) return `${returns(type)}, which cannot be null`;
  if (type.kind === Kind.LIST_TYPE) return `${returns(type)}, a list`;
  const name = namedTypeOf(type);
  if (!schema.types.has(name)) return undefined;
  if (!schema.isComposite(name)) return `${returns(type)}, which is no object`;
  return schema.isAbstract(name) && !link.isV04 ? `${returns(type)}, which needs connect v0.4` : undefined;
}

function checkArguments(
  connector: ConnectDeclaration,
  { args, type, node }: FieldEntry,
  schema: SchemaIndex,
  faults: FaultSink,
): void {
  const entity = schema.types.get(namedTypeOf(type));
  if (!entity) return;
  if (args.length === 0) {
    const message = `${placeOf(connector)} has entity: true, but no argument to find an entity by`;
    faults.report(mismatch, message, node.name, `Add the key of ${entity.name}, such as (id: ID!)`);
  }
  const references = keyReferences(connector).filter(({ reference }) => reference.variable === '$args');
  const readsAll = references.some(({ reference }) => reference.keys.length === 0);
  const read = new Set(references.flatMap(({ reference }) => reference.keys[0]?.key ?? []));
  for (const argument of args) {
    const name = argument.name.value;
    checkAgainst(name, argument.type, argument.name, entity, schema, faults);
    if (readsAll || read.has(name) || connector.isFaulty || !entity.fields.has(name)) continue;
    const message = `${placeOf(connector)} finds ${entity.name} by "${name}", but its connector does not read $args.${name}`;
    faults.report(mismatch, message, argument.name, `Read it in the request, or leave the argument out`);
  }
}

/** An argument must be the field of the same name; the members of an input object those of the object there. */
function checkAgainst(
  name: string,
  type: TypeNode,
  place: FieldEntry['node']['name'],
  owner: TypeEntry,
  schema: SchemaIndex,
  faults: FaultSink,
): void {
  const field = owner.fields.get(name);
  if (!field) {
    const message = `${owner.name} has no field "${name}", so entities cannot be found by it`;
    faults.report(mismatch, message, place, didYouMean(name, owner.fields.keys()));
    return;
  }
  const [mine, theirs] = [namedTypeOf(type), namedTypeOf(field.type)];
  const input = schema.types.get(mine);
  const target = schema.types.get(theirs);
  if (input?.kind === 'input' && target && schema.isComposite(theirs)) {
    for (const member of input.fields.values()) {
      checkAgainst(member.name, member.type, member.node.name, target, schema, faults);
    }
  } else if (mine !== theirs || isList(type) !== isList(field.type)) {
    const message = `"${name}" is of type ${print(type)}, but ${owner.name}.${name} is of type ${print(field.type)}`;
    faults.report(mismatch, message, place, `Write ${name}: ${print(field.type)}`);
  }
}

function isList(type: TypeNode): boolean {
  return type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));
}
