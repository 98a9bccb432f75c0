/** Helpers of the rules: how a connector is called in a sentence, and reports inside a part of it. */
import type { StringValueNode } from 'graphql';
import type { Span } from '../mapping/ast.ts';
import type { ConnectDeclaration } from '../spec/connector.ts';
import type { FaultSink } from '../spec/fault-sink.ts';
import { argumentOf } from '../spec/link.ts';

/** `Query.book`, or `Book` for a connector on a type. */
export const placeOf = ({ typeName, fieldName }: ConnectDeclaration): string =>
  fieldName === undefined ? typeName : `${typeName}.${fieldName}`;

export function reportInPart(
  faults: FaultSink,
  code: string,
  message: string,
  part: { readonly node: StringValueNode; readonly offset: number },
  span: Span,
  hint?: string,
): void {
  const place = { start: span.start + part.offset, end: span.end + part.offset };
  faults.reportInString(code, message, part.node, place, hint);
}

/** The node of an argument of `@connect`, else the directive itself. */
export const argumentPlace = ({ directive }: ConnectDeclaration, name: string) =>
  argumentOf(directive, name) ?? directive;
