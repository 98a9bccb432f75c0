/**
 * Strict mode (connectors.md 3.2): mapping problems that become errors. A problem of the selection is kept at the place of
 * the output it belongs to, and raised by the resolver of that field; one error for each call and field.
 */
import { basename } from 'node:path';
import { describeError } from '../../errors/catalogue.ts';
import type { Span } from '../mapping/ast.ts';
import type { Problem } from '../mapping/problem.ts';
import type { MappingPart, Strict } from '../spec/connector.ts';
import type { SdlSource } from '../spec/sdl-source.ts';
import { Failure } from './failure.ts';
import { baseExtensions, type FailedCall } from './map-error.ts';
import type { LoggedProblem } from './problem-log.ts';

/** The problems of one mapped answer, by the names and indexes of its output. */
export class FaultTree {
  readonly strict: Exclude<Strict, 'none'>;
  /** What is wrong at this very place. */
  failure: Failure | undefined;
  readonly #below = new Map<string | number, FaultTree>();

  constructor(strict: Exclude<Strict, 'none'>) {
    this.strict = strict;
  }

  at(key: string | number): FaultTree | undefined {
    return this.#below.get(key);
  }

  /** The first failure here or below. */
  get first(): Failure | undefined {
    if (this.failure) return this.failure;
    for (const tree of this.#below.values()) if (tree.first) return tree.first;
    return undefined;
  }

  /** Takes over what another tree has, save what is below these names. */
  takeOver(other: FaultTree, except: ReadonlySet<string>): void {
    this.failure ??= other.failure;
    for (const [key, tree] of other.#below) if (!except.has(String(key))) this.#below.set(key, tree);
  }

  /** Puts a tree below this one. */
  graft(path: readonly (string | number)[], tree: FaultTree): void {
    this.grow(path.slice(0, -1)).#below.set(path.at(-1)!, tree);
  }

  grow([key, ...rest]: readonly (string | number)[]): FaultTree {
    if (key === undefined) return this;
    const next = this.#below.get(key) ?? new FaultTree(this.strict);
    this.#below.set(key, next);
    return next.grow(rest);
  }
}

/** Says at which place in the files a problem arose. */
export type Locate = (node: MappingPart['node'], span: Span) => string;

/** `catalog.graphql:14:60`: without its folder, since clients read it. */
export const locateIn =
  (source: SdlSource): Locate =>
  (node, span) => {
    const { file, line, column } = source.rangeInString(node, span.start, span.end);
    return `${basename(file)}:${line}:${column}`;
  };

interface Fields {
  readonly problems: Problem[];
  readonly places: Set<string>;
}

/** Undefined when there is nothing to complain about. */
export function growFaults(
  call: FailedCall,
  problems: readonly Problem[],
  strict: Exclude<Strict, 'none'>,
  { status, locate }: { readonly status: number; readonly locate: Locate },
): FaultTree | undefined {
  if (problems.length === 0) return undefined;
  const byField = new Map<string, Fields>();
  for (const problem of problems) {
    const place = problem.output ?? [];
    const field = place.filter((key) => typeof key === 'string').join('.');
    const fields = byField.get(field) ?? { problems: [], places: new Set() };
    byField.set(field, fields);
    fields.problems.push(problem);
    // Indexes behind the last name are items of that field
    const end = place.findLastIndex((key) => typeof key === 'string') + 1;
    fields.places.add(JSON.stringify(place.slice(0, end)));
  }
  const tree = new FaultTree(strict);
  for (const [field, { problems: found, places }] of byField) {
    const [first] = found;
    const at = locate(call.connector.selection.node, first!.span);
    const name = field.split('.').at(-1) || (call.connector.fieldName ?? call.connector.typeName);
    const failure = problemFailure(call, `Cannot read field "${name}": ${first!.message}`, {
      status,
      problem: { location: 'Selection', path: first!.path.join('.'), count: found.length, at },
    });
    for (const place of places) tree.grow(JSON.parse(place) as (string | number)[]).failure = failure;
  }
  return tree;
}

/** The failure of a request that strict mode does not let go out. */
export function failureOfRequest(call: FailedCall, logged: readonly LoggedProblem[], locate: Locate): Failure {
  const [{ location, problem, node, span }] = logged as readonly [LoggedProblem];
  return problemFailure(call, `Cannot build the request: ${problem.message}`, {
    problem: {
      location,
      path: problem.path.join('.'),
      count: logged.length,
      ...(node ? { at: locate(node, span) } : {}),
    },
  });
}

function problemFailure(
  call: FailedCall,
  reason: string,
  { status, problem }: { readonly status?: number; readonly problem: object },
): Failure {
  return new Failure(describeError('CONNECTOR_MAPPING_PROBLEM', { reason }), {
    ...baseExtensions(call, 'CONNECTOR_MAPPING_PROBLEM'),
    problem,
    dispatched: status !== undefined,
    upstream: { ...(status === undefined ? {} : { status }), kind: 'invalid', root: call.isRoot },
  });
}
