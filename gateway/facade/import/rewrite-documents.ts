/**
 * Writes documents anew with what is planned for their operations: directives are put in and taken out where they stand,
 * everything else stays as it was written. What becomes no route stays as a comment, with the reason.
 */
import {
  BREAK,
  getLocation,
  GraphQLError,
  Kind,
  parse,
  Source,
  visit,
  type ASTNode,
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from 'graphql';
import { sortFaults, type Fault } from '../../errors/fault.ts';
import { facadeDirectiveNames } from '../routes/executable-document.ts';
import { rangeOf } from '../routes/fault-range.ts';
import { spreadFragments } from '../routes/read-documents.ts';
import { warn, type Imported, type SourceDocument } from './imported.ts';
import type { Plan, RoutePlan } from './route-plan.ts';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface ParsedDocument {
  readonly file: string;
  readonly text: string;
  readonly document: DocumentNode;
}

const languageDirectives: ReadonlySet<string> = new Set(['include', 'skip']);

/** Parses what parses; the rest is a warning. */
export function parseDocuments(documents: readonly SourceDocument[]): { parsed: ParsedDocument[]; warnings: Fault[] } {
  const warnings: Fault[] = [];
  const parsed = documents.flatMap(({ file, text }): ParsedDocument[] => {
    try {
      return [{ file, text, document: parse(new Source(text, file)) }];
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      const { line, column } = getLocation(error.source!, error.positions![0]!);
      warnings.push(
        warn(error.message.replace(/\.$/, ''), { file, line, column, endLine: line, endColumn: column + 1 }),
      );
      return [];
    }
  });
  return { parsed, warnings };
}

const isOperation = (node: DefinitionNode): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION;
const isFragment = (node: DefinitionNode): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION;

/** Rewrites documents; `planOf` is asked once for every operation. */
export function rewriteDocuments(
  documents: readonly SourceDocument[],
  planOf: (node: OperationDefinitionNode, warnings: Fault[]) => Plan,
): Imported {
  const { parsed, warnings } = parseDocuments(documents);
  const definitions = parsed.flatMap(({ document }) => document.definitions);
  const fragments = new Map(definitions.filter(isFragment).map((node) => [node.name.value, node]));
  const plans = new Map(definitions.filter(isOperation).map((node) => [node, planOf(node, warnings)]));
  const routes = [...plans].filter(([, { kind }]) => kind === 'route').map(([node]) => node);
  const inUse = new Set(routes.flatMap((node) => [...spreadFragments(node, fragments)]));
  const written = parsed.map(({ file, text, document }) => {
    const edits = document.definitions.flatMap((node): Edit[] => {
      const plan = isOperation(node) ? plans.get(node)! : planFragment(node, inUse);
      if (plan.kind === 'left') {
        warnings.push(warn(`Not imported: ${plan.reason}`, rangeOf(isFragment(node) ? node.name : node)));
        return [commentOut(node, text, plan.reason)];
      }
      const strays = findStrays(node, plan.removed);
      for (const stray of strays) {
        warnings.push(warn(`"@${stray.name.value}" is not known here and was taken out`, rangeOf(stray)));
      }
      return editDefinition(node, { ...plan, removed: [...plan.removed, ...strays] }, text);
    });
    return { file, text: applyEdits(text, edits) };
  });
  return { documents: written, warnings: sortFaults(warnings) };
}

/** A fragment stays when a route uses it: one that none uses would not validate. */
function planFragment(node: DefinitionNode, inUse: ReadonlySet<string>): Plan {
  if (isFragment(node) && inUse.has(node.name.value))
    return { kind: 'route', name: node.name.value, directives: [], variables: new Map(), removed: [] };
  return {
    kind: 'left',
    reason: isFragment(node) ? `no route uses the fragment "${node.name.value}"` : 'it is no operation',
  };
}

/** Directives that neither the language nor the facade knows. */
function findStrays(node: ASTNode, removed: readonly DirectiveNode[]): DirectiveNode[] {
  const strays: DirectiveNode[] = [];
  visit(node, {
    Directive(directive) {
      const name = directive.name.value;
      if (!languageDirectives.has(name) && !facadeDirectiveNames.has(name) && !removed.includes(directive))
        strays.push(directive);
    },
  });
  return strays;
}

function editDefinition(node: DefinitionNode, plan: RoutePlan, text: string): Edit[] {
  const removals = plan.removed.map((directive): Edit => {
    const { start, end } = directive.loc!;
    return { start: start - /\s*$/.exec(text.slice(0, start))![0].length, end, text: '' };
  });
  if (!isOperation(node)) return removals;
  const variables = (node.variableDefinitions ?? []).flatMap((variable): Edit[] => {
    const directive = plan.variables.get(variable.variable.name.value);
    const { end } = variable.loc!;
    return directive === undefined ? [] : [{ start: end, end, text: ` ${directive}` }];
  });
  return [...removals, ...variables, ...editHead(node, plan, text)];
}

/** Name and directives; the short form `{ ... }` gets its keyword. */
function editHead(node: OperationDefinitionNode, { name, directives }: RoutePlan, text: string): Edit[] {
  const { start: open } = node.selectionSet.loc!;
  const added = directives.join('\n');
  if (open === node.loc!.start) return [{ start: open, end: open, text: `query ${name}\n${added} ` }];
  const behind = open - /\s*$/.exec(text.slice(0, open))![0].length;
  const keyword = text.indexOf(node.operation, node.description?.loc?.end ?? node.loc!.start);
  const place = node.name?.loc ?? { start: keyword + node.operation.length, end: keyword + node.operation.length };
  return [
    { start: place.start, end: place.end, text: node.name ? name : ` ${name}` },
    { start: behind, end: open, text: `\n${added} ` },
  ];
}

function commentOut(node: DefinitionNode, text: string, reason: string): Edit {
  const { start, end } = node.loc!;
  const lines = text.slice(start, end).split('\n');
  return { start, end, text: [`Not imported: ${reason}`, ...lines].map((line) => `# ${line}`.trimEnd()).join('\n') };
}

/** From the end to the start; edits of one place in the order they were made. */
function applyEdits(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce(
      (result, { start, end, text: replacement }) => result.slice(0, start) + replacement + result.slice(end),
      text,
    );
}

/** The first field that carries one of the directives, and the keys that lead to it; inline fragments with a type are not entered. */
export function findMarkedField(
  node: OperationDefinitionNode,
  names: ReadonlySet<string>,
): { readonly directive: DirectiveNode; readonly path: readonly string[] } | undefined {
  const path: string[] = [];
  let found: DirectiveNode | undefined;
  visit(node.selectionSet, {
    Field: {
      enter(field) {
        path.push((field.alias ?? field.name).value);
        found = field.directives?.find(({ name }) => names.has(name.value));
        return found ? BREAK : undefined;
      },
      leave() {
        path.pop();
      },
    },
    InlineFragment: (fragment) => (fragment.typeCondition ? false : undefined),
  });
  return found && { directive: found, path };
}
