/** A part that is certain to give the wrong kind of value (13.2): an object where a text is needed, and so on. */
import type { HeaderPart, MappingPart, RequestParts } from '../../spec/connector.ts';
import type { FaultSink } from '../../spec/fault-sink.ts';
import type { Template } from '../../spec/template.ts';
import { reportInPart } from '../places.ts';
import { isWhole, possibleResults, withArticle, type ResultKind } from '../possible-results.ts';
import type { Rule } from '../rule.ts';

export const resultTypes: Rule = ({ sources, connectors }, faults) => {
  for (const source of sources) {
    checkHoles(source.baseUrl, 'INVALID_URL', faults);
    checkShared(source, faults);
  }
  for (const connector of connectors) {
    for (const { template } of connector.methods) checkHoles(template, 'INVALID_URL', faults);
    checkShared(connector, faults);
  }
};

function checkShared(parts: RequestParts, faults: FaultSink): void {
  const { headers, path, queryParams, errorsMessage, errorsExtensions, isSuccess } = parts;
  for (const { value } of headers as readonly HeaderPart[]) checkHoles(value, 'INVALID_HEADER', faults);
  checkPart(path, 'path', 'list', 'INVALID_URL_PROPERTY', faults, 'For example $(["books", $args.id])');
  checkPart(queryParams, 'queryParams', 'object', 'INVALID_URL_PROPERTY', faults, 'For example q: $args.q');
  checkPart(errorsMessage, 'message', 'string', 'INVALID_ERRORS_MESSAGE', faults, hintForKey(errorsMessage));
  checkPart(errorsExtensions, 'extensions', 'object', 'INVALID_ERRORS_MESSAGE', faults, 'For example code: $.code');
  checkPart(isSuccess, 'isSuccess', 'boolean', 'INVALID_IS_SUCCESS', faults, 'For example $status->in([200, 404])');
}

function checkPart(
  part: MappingPart | undefined,
  name: string,
  expected: ResultKind,
  code: string,
  faults: FaultSink,
  hint: string,
): void {
  if (!part) return;
  for (const result of possibleResults(part.tree)) {
    const { kind } = result;
    if (kind === expected || kind === 'null') continue;
    const message = `"${name}" gives ${withArticle(kind)}, expected ${withArticle(expected)}`;
    if (isWhole(result, part.tree)) faults.report(code, message, part.node, hint);
    else faults.reportInString(code, message, part.node, result, hint);
  }
}

function checkHoles(template: Template | undefined, code: string, faults: FaultSink): void {
  for (const piece of template?.pieces ?? []) {
    if (typeof piece === 'string') continue;
    const place = { node: template!.node, offset: piece.offset };
    for (const result of possibleResults(piece.tree)) {
      const { kind } = result;
      if (kind !== 'list' && kind !== 'object') continue;
      const message = `The expression gives ${withArticle(kind)}, expected a single value`;
      reportInPart(
        faults,
        code,
        message,
        place,
        isWhole(result, piece.tree) ? piece.tree.root : result,
        "Join a list with ->joinNotNull(',')",
      );
    }
  }
}

/** `message` alone is the object `{ message: … }`; its author wants the text. */
function hintForKey(part: MappingPart | undefined): string {
  const root = part?.tree.root;
  const only = root?.kind === 'list' && root.items.length === 1 ? root.items[0] : undefined;
  return `Write $.${only?.kind === 'field' ? only.name : 'message'}`;
}
