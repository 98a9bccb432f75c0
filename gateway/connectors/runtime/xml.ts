/**
 * XML as a tree in document order, and as a value that mappings read (connectors.md 3.9). Nothing is guessed: text stays
 * text, entities other than those of XML itself are unknown, a DOCTYPE is refused.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { setOwn, type Value, type ValueObject } from '../mapping/value.ts';

export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own, without that of its children. */
  readonly text: string;
  readonly isNil: boolean;
}

export class XmlFault extends Error {
  override readonly name = 'XmlFault';
}

const textKey = '#text';
const cdataKey = '#cdata';
const attributesKey = ':@';

/** As `preserveOrder` gives it: one key is the name, and perhaps the attributes beside it. */
type OrderedNode = Readonly<Record<string, unknown>>;

const parser = (): XMLParser =>
  new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    cdataPropName: cdataKey,
    textNodeName: textKey,
  });

/** The root element. Throws XmlFault. */
export function parseXml(text: string): XmlElement {
  // It can only stand before the root element, behind declaration, comments and processing instructions
  if (/^(?:\s|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)*<!DOCTYPE/i.test(text)) throw new XmlFault('A DOCTYPE is refused');
  if (XMLValidator.validate(text) !== true) throw new XmlFault('It is not well-formed');
  const root = elementsOf(readOrdered(text))[0];
  if (!root) throw new XmlFault('There is no root element');
  return root;
}

function readOrdered(text: string): readonly OrderedNode[] {
  try {
    return parser().parse(text) as readonly OrderedNode[];
  } catch {
    throw new XmlFault('It does not parse');
  }
}

const elementsOf = (nodes: readonly OrderedNode[]): XmlElement[] =>
  nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== attributesKey);
    return name === undefined || name === textKey || name === cdataKey ? [] : [readElement(name, node)];
  });

function readElement(name: string, node: OrderedNode): XmlElement {
  const content = node[name] as readonly OrderedNode[];
  const attributes = new Map<string, string>();
  let isNil = false;
  for (const [key, value] of Object.entries((node[attributesKey] ?? {}) as Record<string, string>)) {
    if (key === 'xmlns' || key.startsWith('xmlns:')) continue;
    if (key === 'xsi:nil') isNil = value === 'true' || value === '1';
    else attributes.set(localName(key), decodeReferences(value));
  }
  return { name: localName(name), attributes, children: elementsOf(content), text: textOf(content), isNil };
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

function textOf(content: readonly OrderedNode[]): string {
  let text = '';
  for (const node of content) {
    if (typeof node[textKey] === 'string') text += decodeReferences(node[textKey]);
    const cdata = node[cdataKey] as readonly OrderedNode[] | undefined;
    for (const piece of cdata ?? []) text += typeof piece[textKey] === 'string' ? piece[textKey] : '';
  }
  return text;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five entities of XML and character references; any other stays as it is written. */
const decodeReferences = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
        if (typeof name === 'string') return named[name] ?? whole;
        const code = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      })
    : text;

/** The document as an object with one property, the root element's name. */
export function xmlValue(root: XmlElement): Value {
  const document: ValueObject = {};
  setOwn(document, root.name, elementValue(root));
  return document;
}

export function elementValue({ attributes, children, text, isNil }: XmlElement): Value {
  if (isNil) return null;
  if (attributes.size === 0 && children.length === 0) return text;
  const value: ValueObject = {};
  for (const [name, attribute] of attributes) value[`@${name}`] = attribute;
  const byName = new Map<string, XmlElement[]>();
  for (const child of children) {
    const others = byName.get(child.name);
    if (others) others.push(child);
    else byName.set(child.name, [child]);
  }
  for (const [name, elements] of byName) {
    const values = elements.map(elementValue);
    setOwn(value, name, values.length === 1 ? values[0]! : values);
  }
  if (text.trim() !== '') value['#text'] = children.length === 0 ? text : text.trim();
  return value;
}
