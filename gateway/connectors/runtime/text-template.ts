/** Fills the holes of a template (connectors.md 9.1). */
import type { Variables } from '../mapping/frame.ts';
import { isObject, scalarText } from '../mapping/value.ts';
import type { Hole, TemplatePiece } from '../spec/template.ts';
import { evaluateLogged, type LogPlace } from './problem-log.ts';
import { RequestFault } from './request-fault.ts';

/** A hole's result as text: missing and null are empty, lists and objects stop the request. */
export function holeText(hole: Hole, variables: Variables, log?: LogPlace): string {
  const value = evaluateLogged(hole, null, variables, log);
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) || isObject(value)) {
    throw new RequestFault('An expression in a template gives a list or an object');
  }
  return scalarText(value);
}

/** The whole text of a template; `encode` is applied to what the holes give. */
export function fillTemplate(
  pieces: readonly TemplatePiece[],
  variables: Variables,
  encode: (text: string) => string = (text) => text,
  log?: LogPlace,
): string {
  let text = '';
  for (const piece of pieces) text += typeof piece === 'string' ? piece : encode(holeText(piece, variables, log));
  return text;
}
