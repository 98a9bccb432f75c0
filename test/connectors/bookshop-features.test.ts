// What the bookshop shows of connectors: each feature is really used in a file of schema/subgraphs, found by reading the files.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ExpressionNode, ItemNode, ListNode } from '../../gateway/connectors/mapping/ast.ts';
import { FaultSink } from '../../gateway/connectors/spec/fault-sink.ts';
import { selectionMappings, requestMappings, responseMappings } from '../../gateway/connectors/spec/part-references.ts';
import { readSubgraph } from '../../gateway/connectors/spec/read-subgraph.ts';
import { SdlSource } from '../../gateway/connectors/spec/sdl-source.ts';

const folder = new URL('../../schema/subgraphs/', import.meta.url);

const subgraphs = readdirSync(folder)
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => {
    const sink = new FaultSink(new SdlSource(file, readFileSync(new URL(file, folder), 'utf8')));
    return readSubgraph(file, sink)!;
  });
const connectors = subgraphs.flatMap((subgraph) => subgraph.connectors);
const sources = subgraphs.flatMap((subgraph) => subgraph.sources);

type Node = ListNode | ExpressionNode;

/** Every node of a mapping, from outside in. */
function* nodesOf(node: Node): Generator<Node> {
  yield node;
  if (node.kind === 'array') for (const item of node.items) yield* nodesOf(item);
  if (node.kind === 'chain') for (const operand of node.operands) yield* nodesOf(operand);
  if (node.kind === 'list' || node.kind === 'object') {
    for (const { value } of node.items as readonly ItemNode[]) yield* nodesOf(value);
  }
  if (node.kind !== 'path') return;
  if (node.head.kind === 'expression') yield* nodesOf(node.head.value);
  for (const step of node.steps) {
    if (step.kind === 'method') for (const arg of step.args ?? []) yield* nodesOf(arg);
  }
  if (node.selection) yield* nodesOf(node.selection);
}

const mappings = [
  ...connectors.flatMap((one) => [...requestMappings(one), ...selectionMappings(one), ...responseMappings(one)]),
  ...sources.flatMap(responseMappings),
];
const nodes = mappings.flatMap(({ tree }) => [...nodesOf(tree.root)]);
const methods = nodes.flatMap((node) =>
  node.kind === 'path' ? node.steps.flatMap((step) => (step.kind === 'method' ? [step.name] : [])) : [],
);
const coordinates = (found: typeof connectors): string[] => found.map(({ coordinate }) => coordinate);

describe('the bookshop uses', () => {
  test('batches', () => {
    expect(coordinates(connectors.filter(({ kind }) => kind === 'batch'))).not.toEqual([]);
  });
  test('nested selections', () => {
    const nested = connectors.filter(({ selection }) =>
      [...nodesOf(selection!.tree.root)].some(
        (node) =>
          node.kind === 'path' && node.selection?.items.some(({ value }) => value.kind === 'path' && value.selection),
      ),
    );
    expect(coordinates(nested)).not.toEqual([]);
  });
  test.each(['match', 'map'])('->%s', (name) => expect(methods).toContain(name));
  test('?', () => {
    const found = nodes.filter((node) => node.kind === 'path' && node.steps.some(({ kind }) => kind === 'optional'));
    expect(found.length).toBeGreaterThan(0);
  });
  test('??', () => {
    expect(nodes.some((node) => node.kind === 'chain' && node.operator === '??')).toBe(true);
  });
  test('messages and extensions of errors', () => {
    expect(sources.filter(({ errorsMessage, errorsExtensions }) => errorsMessage && errorsExtensions)).not.toEqual([]);
  });
  test('isSuccess', () => {
    expect(coordinates(connectors.filter(({ isSuccess }) => isSuccess))).not.toEqual([]);
  });
  test('XML, read by path', () => {
    const xml = connectors.filter(
      ({ headers, reads }) =>
        reads && headers.some(({ name, value }) => name === 'accept' && value?.text === 'application/xml'),
    );
    expect(coordinates(xml)).toEqual(['authors.graphql:Query.author[0]']);
  });
  test('a connection made of the pages of a service', () => {
    expect(coordinates(connectors.filter(({ page }) => page))).toEqual(['authors.graphql:Query.authors[0]']);
  });
  test('key lists', () => {
    expect(coordinates(connectors.filter(({ keyList }) => keyList))).not.toEqual([]);
  });
});
