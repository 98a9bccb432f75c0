/**
 * Finds values of an interface or union whose type cannot be told (connectors.md 3.8): they become null, and this says
 * why. Only for those who look: strict mode, the debugger, a connector run alone.
 */
import { fieldShape, objectShapes, type Shape } from '../mapping/shape.ts';
import type { Span } from '../mapping/ast.ts';
import type { Problem } from '../mapping/problem.ts';
import { isObject, type Maybe, type ValueObject } from '../mapping/value.ts';
import type { Connector } from '../spec/connector.ts';
import { namedTypeOf, type SchemaIndex } from '../spec/schema-index.ts';
import { concreteType } from './output.ts';

/** The problems of what a selection gave. */
export type FindUntyped = (value: Maybe) => Problem[];

type Path = readonly (string | number)[];

/** Undefined when nothing below the connector's type is abstract, so that nothing need be looked at. */
export function prepareUntypedCheck(connector: Connector, schema: SchemaIndex): FindUntyped | undefined {
  const { typeName, fieldName, selection, shape } = connector;
  const field = fieldName === undefined ? undefined : schema.types.get(typeName)?.fields.get(fieldName);
  const output = field ? namedTypeOf(field.type) : typeName;
  if (!reachesAbstract(output, schema, new Set())) return undefined;
  const { start, end } = selection.tree.root;
  return (value) => {
    const problems: Problem[] = [];
    const visit = (part: Maybe, type: string, known: Shape, span: Span, path: Path): void => {
      if (Array.isArray(part)) {
        for (const [index, item] of part.entries()) visit(item, type, known, span, [...path, index]);
        return;
      }
      if (!isObject(part) || !schema.isComposite(type)) return;
      const concrete = schema.isAbstract(type) ? concreteType(part, schema.possibleTypes(type)) : type;
      if (concrete === undefined) {
        problems.push({ code: 'TYPE_UNKNOWN', message: messageOf(part, type), path, output: path, span });
        return;
      }
      for (const [name, entry] of schema.types.get(concrete)?.fields ?? []) {
        if (!Object.hasOwn(part, name)) continue;
        const below = objectShapes(known)
          .find(({ fields }) => fields.has(name))
          ?.fields.get(name);
        const place = below && below.end > 0 ? { start: below.start, end: below.end } : span;
        visit(part[name], namedTypeOf(entry.type), fieldShape(known, name) ?? known, place, [...path, name]);
      }
    };
    visit(value, output, shape, { start, end }, []);
    return problems;
  };
}

function messageOf(value: ValueObject, type: string): string {
  const typename = Object.hasOwn(value, '__typename') ? value['__typename'] : undefined;
  if (typename === undefined || typename === null) return `A value of ${type} has no __typename`;
  const text = typeof typename === 'string' ? `"${typename}"` : 'no text';
  return `The __typename of a value of ${type} is ${text}, which is none of its types`;
}

function reachesAbstract(typeName: string, schema: SchemaIndex, seen: Set<string>): boolean {
  if (schema.isAbstract(typeName)) return true;
  if (seen.has(typeName)) return false;
  seen.add(typeName);
  const fields = schema.isComposite(typeName) ? [...(schema.types.get(typeName)?.fields.values() ?? [])] : [];
  return fields.some(({ type }) => reachesAbstract(namedTypeOf(type), schema, seen));
}
