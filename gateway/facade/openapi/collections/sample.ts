/** A value that fits a schema: its example where it has one, else the plainest there is. */
import type { Json } from '../../contract.ts';
import { follow, isNode, type Node } from '../follow.ts';

/** How deep samples of schemas that hold each other go. */
const DEPTH = 6;

const firstOf = (value: Json | undefined): Json | undefined => (Array.isArray(value) ? value[0] : undefined);

const typeOf = (schema: Node): Json | undefined => {
  const { type } = schema;
  return Array.isArray(type) ? type.find((one) => one !== 'null') : type;
};

/** The value that a schema itself names. */
const named = (schema: Node): Json | undefined =>
  schema['example'] ?? firstOf(schema['examples']) ?? schema['default'] ?? schema['const'] ?? firstOf(schema['enum']);

/** A sample; objects have what is required of them, or one member where nothing is. */
export function sampleOf(document: Node, reference: Json | undefined, depth = DEPTH): Json {
  const schema = follow(document, reference);
  const value = named(schema);
  if (value !== undefined && value !== null) return value;
  const alternatives = [schema['oneOf'], schema['anyOf']].flatMap((list) => (Array.isArray(list) ? list : []));
  const alternative = alternatives.find((one) => follow(document, one)['type'] !== 'null');
  if (alternative !== undefined) return sampleOf(document, alternative, depth);
  const parts = schema['allOf'];
  if (Array.isArray(parts)) {
    return Object.assign({}, ...parts.map((part) => sampleOf(document, part, depth))) as Json;
  }
  switch (typeOf(schema)) {
    case 'integer':
    case 'number':
      return Math.max(1, Number(schema['minimum'] ?? 1));
    case 'boolean':
      return true;
    case 'array':
      return depth === 0 ? [] : [sampleOf(document, schema['items'], depth - 1)];
    case 'object':
      return sampleObject(document, schema, depth);
    default:
      return 'string'.padEnd(Number(schema['minLength'] ?? 0), '.');
  }
}

function sampleObject(document: Node, schema: Node, depth: number): Json {
  const { properties, required } = schema;
  const names = Array.isArray(required) ? required.map(String) : [];
  if (!isNode(properties) || depth === 0) return {};
  const shown = names.length > 0 ? names : Object.keys(properties).slice(0, 1);
  return Object.fromEntries(
    shown.filter((name) => name in properties).map((name) => [name, sampleOf(document, properties[name], depth - 1)]),
  );
}
