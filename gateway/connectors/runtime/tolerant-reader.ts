/**
 * The tolerant reader (connectors.md 3.9): takes values by path from wherever they are in a document, XML or JSON, so that
 * an element put around them breaks nothing. Matches come in document order.
 */
import { isObject, setOwn, type Maybe, type Value, type ValueObject } from '../mapping/value.ts';
import type { Read, ReadPath, ReadStep } from '../spec/read-path.ts';
import { elementValue, type XmlElement } from './xml.ts';

/** A place in a document. */
interface DocumentNode {
  readonly name: string;
  children(): Iterable<DocumentNode>;
  attribute(name: string): string | undefined;
  /** Its own text, of an element; the value itself, of a scalar. */
  text(): Maybe;
  value(): Value;
}

export const readXml = (root: XmlElement, reads: readonly Read[]): ValueObject => {
  const document = xmlNode({ name: '', attributes: new Map(), children: [root], text: '', isNil: false });
  return readAll(reads, document, document);
};

export const readJson = (body: Value, reads: readonly Read[]): ValueObject => {
  const document = jsonNode('', body);
  return readAll(reads, document, document);
};

function xmlNode(element: XmlElement): DocumentNode {
  return {
    name: element.name,
    children: () => element.children.map(xmlNode),
    attribute: (name) => element.attributes.get(name),
    text: () => element.text,
    value: () => elementValue(element),
  };
}

/** A property is a child element, an array stands for its items. */
function jsonNode(name: string, value: Value): DocumentNode {
  return {
    name,
    *children() {
      if (Array.isArray(value)) for (const item of value) yield* jsonNode('', item).children();
      if (!isObject(value)) return;
      for (const key of Object.keys(value)) {
        const items = Array.isArray(value[key]) ? value[key].flat(Infinity as 1) : [value[key]!];
        for (const item of items) yield jsonNode(key, item as Value);
      }
    },
    attribute: () => undefined,
    text: () => (value === null || typeof value === 'object' ? undefined : value),
    value: () => value,
  };
}

function readAll(reads: readonly Read[], current: DocumentNode, document: DocumentNode): ValueObject {
  const output: ValueObject = {};
  for (const read of reads) {
    const matches = findMatches(read.path, current, document, !read.isMany);
    const values = matches.map((match) =>
      'node' in match && read.below.length > 0 ? readAll(read.below, match.node, document) : valueOf(match),
    );
    if (read.isMany) setOwn(output, read.name, values);
    else if (values.length > 0) setOwn(output, read.name, values[0]!);
  }
  return output;
}

type Match = { readonly node: DocumentNode } | { readonly value: Value };

const valueOf = (match: Match): Value => ('node' in match ? match.node.value() : match.value);

function findMatches(path: ReadPath, current: DocumentNode, document: DocumentNode, onlyFirst: boolean): Match[] {
  const { steps } = path;
  const matches: Match[] = [];
  // Which steps may be taken at a node is carried down the tree, so one walk in document order finds everything once
  const visit = (node: DocumentNode, at: ReadonlySet<number>): void => {
    for (const index of at) {
      const value = ownValue(node, steps[index]!);
      if (value !== undefined) matches.push({ value });
    }
    if (onlyFirst && matches.length > 0) return;
    for (const child of node.children()) {
      const next = new Set<number>();
      let isMatch = false;
      for (const index of at) {
        const { test, isDeep } = steps[index]!;
        if (isDeep) next.add(index);
        if (test.kind !== 'name' || (test.name !== undefined && test.name !== child.name)) continue;
        if (index + 1 === steps.length) isMatch = true;
        else next.add(index + 1);
      }
      if (isMatch) matches.push({ node: child });
      if (next.size > 0 && !(onlyFirst && matches.length > 0)) visit(child, next);
      if (onlyFirst && matches.length > 0) return;
    }
  };
  visit(path.isAbsolute ? document : current, new Set([0]));
  return onlyFirst ? matches.slice(0, 1) : matches;
}

/** What `@name` and `text()` read at a node. */
function ownValue(node: DocumentNode, { test }: ReadStep): Maybe {
  if (test.kind === 'attribute') return node.attribute(test.name);
  return test.kind === 'text' ? node.text() : undefined;
}
