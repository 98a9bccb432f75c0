/**
 * Where `@tributaryPage` can stand: on a list field of a query whose type is a Relay connection, over a selection that
 * gives the items, and a request that says where a page begins (docs/decisions/0017).
 */
import { Kind, type ConstValueNode, type TypeNode } from 'graphql';
import { shapeOfMapping } from '../../mapping/shape.ts';
import { itemsFieldOf } from '../../spec/connection-shape.ts';
import type { ConnectDeclaration, PageRule } from '../../spec/connector.ts';
import type { FaultSink } from '../../spec/fault-sink.ts';
import { requestReferences } from '../../spec/part-references.ts';
import { namedTypeOf, type FieldEntry, type SchemaIndex, type TypeEntry } from '../../spec/schema-index.ts';
import { reportNotPortable } from '../not-portable.ts';
import { argumentPlace, placeOf } from '../places.ts';
import type { Rule } from '../rule.ts';

const code = 'INVALID_TRIBUTARY_ARGUMENT';

export const pages: Rule = ({ connectors, schema }, faults, settings) => {
  for (const type of schema.types.values()) {
    for (const use of type.kind === 'object' ? type.directives : []) {
      if (use.name.value !== 'tributaryPage') continue;
      faults.report(code, '@tributaryPage belongs on a field, not on a type', use);
    }
  }
  for (const connector of connectors) {
    const { page } = connector;
    if (!page) continue;
    const field = schema.types.get(connector.typeName)?.fields.get(connector.fieldName ?? '');
    if (!field) continue;
    const before = faults.faults.length;
    checkKind(connector, page, faults, schema);
    checkArguments(field, page, connector, faults);
    checkConnection(field, connector, schema, faults);
    checkRequest(connector, page, faults);
    const typeName = namedTypeOf(field.type);
    if (faults.faults.length > before || givesAll(connector, schema.types.get(typeName))) continue;
    const message = `@tributaryPage fills what the selection does not give of ${typeName}`;
    reportNotPortable(faults, settings, 'CONNECTORS_UNRESOLVED_FIELD', message, page.directive);
  }
};

function checkKind(
  connector: ConnectDeclaration,
  { directive }: PageRule,
  faults: FaultSink,
  schema: SchemaIndex,
): void {
  const { kind, typeName, keyList, methods } = connector;
  if (kind === 'entity') faults.report(code, 'An entity has no pages', directive, 'Leave "entity: true" out');
  if (typeName === schema.mutationName) faults.report(code, 'A mutation has no pages', directive);
  if (keyList) faults.report(code, '@tributaryPage and @tributaryKeyList do not go together', directive);
  if (methods.length === 0) faults.report(code, 'A connector without "http" has no pages', directive);
}

/** `first: Int` and `after: String`; `last` and `before` where the pages have numbers. */
function checkArguments(field: FieldEntry, page: PageRule, connector: ConnectDeclaration, faults: FaultSink): void {
  const place = placeOf(connector);
  const check = (name: string, types: readonly string[], isNeeded: boolean): void => {
    const argument = field.args.find((candidate) => candidate.name.value === name);
    if (!argument) {
      if (!isNeeded) return;
      const message = `${place} has no argument "${name}", which pages need`;
      faults.report(code, message, page.directive, `Declare ${name}: ${types[0]!}`);
      return;
    }
    const { type } = argument;
    if (type.kind !== Kind.LIST_TYPE && types.includes(namedTypeOf(type))) return;
    faults.report(code, `"${name}" of ${place} must be of type ${types[0]!}`, type);
  };
  check('first', ['Int'], true);
  check('after', ['String', 'ID'], true);
  const isForward = page.style === 'cursor' || page.style === 'link';
  for (const argument of field.args) {
    const name = argument.name.value;
    if (isForward && (name === 'last' || name === 'before')) {
      const message = `Style "${page.style}" only reads forwards, so ${place} cannot take "${name}"`;
      faults.report(code, message, argument, 'Leave it out, or use style "offset" or "page"');
    }
    if (name === 'first' && moreThan(argument.defaultValue, page.maxSize)) {
      faults.report(code, `The default of "first" is more than "maxSize", which is ${page.maxSize}`, argument);
    }
  }
  if (isForward) return;
  check('last', ['Int'], false);
  check('before', ['String', 'ID'], false);
}

const moreThan = (node: ConstValueNode | undefined, limit: number): boolean =>
  node?.kind === Kind.INT && Number(node.value) > limit;

function checkConnection(
  field: FieldEntry,
  connector: ConnectDeclaration,
  schema: SchemaIndex,
  faults: FaultSink,
): void {
  const name = namedTypeOf(field.type);
  const type = schema.types.get(name);
  // A type that is not there has its own rule
  if (!type) return;
  const report = (message: string, entry?: FieldEntry): void =>
    faults.report(code, message, entry?.node ?? field.node.type, relayHint);
  if (isList(field.type) || type.kind !== 'object') {
    report(`${placeOf(connector)} gives pages, so its type must be a connection, not ${typeText(field.type)}`);
    return;
  }
  const [nodes, edges, info] = ['nodes', 'edges', 'pageInfo'].map((key) => type.fields.get(key));
  if (!nodes && !edges) report(`${name} is no connection: it has neither "nodes" nor "edges"`);
  if (nodes && !isList(nodes.type)) report(`"nodes" of ${name} must be a list`, nodes);
  const edge = edges && schema.types.get(namedTypeOf(edges.type));
  if (edges && !isList(edges.type)) report(`"edges" of ${name} must be a list`, edges);
  if (edge && !edge.fields.has('node')) report(`${edge.name} has no "node"`, edges);
  if (edge) checkLeaf(edge, 'cursor', 'String', report);
  const pageInfo = info && schema.types.get(namedTypeOf(info.type));
  if (!info) report(`${name} is no connection: it has no "pageInfo"`);
  if (!pageInfo) return;
  if (isList(info.type) || pageInfo.kind !== 'object') report(`"pageInfo" of ${name} must be an object`, info);
  for (const key of ['hasNextPage', 'hasPreviousPage']) checkLeaf(pageInfo, key, 'Boolean', report);
  for (const key of ['startCursor', 'endCursor']) checkLeaf(pageInfo, key, 'String', report);
  checkItems(connector, type, faults);
}

/** A field that may be left out, but not be of another type. */
function checkLeaf(
  type: TypeEntry,
  name: string,
  expected: 'String' | 'Boolean',
  report: (message: string, entry?: FieldEntry) => void,
): void {
  const entry = type.fields.get(name);
  if (!entry) return;
  const isCursor = expected === 'String' && namedTypeOf(entry.type) === 'ID';
  if (!isList(entry.type) && (namedTypeOf(entry.type) === expected || isCursor)) return;
  report(`"${name}" of ${type.name} must be of type ${expected}`, entry);
}

function checkItems(connector: ConnectDeclaration, type: TypeEntry, faults: FaultSink): void {
  const { selection } = connector;
  if (!selection || itemsFieldOf(shapeOfMapping(selection.tree))) return;
  const hint = type.fields.has('nodes')
    ? 'For example nodes: items { id }'
    : 'For example edges: items { node: { id } }';
  const message = 'The selection gives no items: the whole body is mapped, and @tributaryPage reads "nodes" of it';
  faults.report(code, message, argumentPlace(connector, 'selection'), hint);
}

function checkRequest(connector: ConnectDeclaration, page: PageRule, faults: FaultSink): void {
  const reads = (name: string): boolean =>
    requestReferences(connector).some(
      ({ reference }) => reference.variable === '$args' && (reference.keys[0]?.key ?? name) === name,
    );
  if (!reads('after')) {
    const message = 'The request does not read $args.after, so every page would be the first';
    faults.report(code, message, page.directive, `For example queryParams: "${examples[page.style]}"`);
  }
  if (page.fixedSize === undefined && !reads('first')) {
    const message = 'The request does not read $args.first, so the service does not know how many items are wanted';
    const hint = 'If it always gives as many, say how many with fixedSize';
    faults.report(code, message, page.directive, hint);
  }
}

const examples = {
  page: 'page: $args.after per_page: $args.first',
  offset: 'offset: $args.after limit: $args.first',
  cursor: 'page_token: $args.after page_size: $args.first',
  link: 'page: $args.after per_page: $args.first',
};

/** Whether the selection itself gives every part of the connection, so that Apollo's tools miss nothing. */
function givesAll({ selection }: ConnectDeclaration, type: TypeEntry | undefined): boolean {
  const root = selection?.tree.root;
  const names = root?.kind === 'list' ? root.items.map((item) => (item.kind === 'field' ? item.name : '')) : [];
  return ['nodes', 'edges', 'pageInfo'].every((name) => !type?.fields.has(name) || names.includes(name));
}

const relayHint = 'A connection has nodes or edges { cursor node }, and pageInfo { hasNextPage endCursor … }';

const isList = (type: TypeNode): boolean =>
  type.kind === Kind.NON_NULL_TYPE ? isList(type.type) : type.kind === Kind.LIST_TYPE;

const typeText = (type: TypeNode): string => (isList(type) ? `a list of ${namedTypeOf(type)}` : namedTypeOf(type));
