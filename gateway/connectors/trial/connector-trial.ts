/**
 * One connector alone, run as the gateway runs it, with what it made of the answer laid open: for `tributary connector`
 * (connectors.md 14.5). Nothing of federation is between: no key is looked up, no null key skipped.
 */
import type { Range } from '../../errors/fault.ts';
import type { Problem } from '../mapping/problem.ts';
import type { Maybe } from '../mapping/value.ts';
import type { ConnectorContext } from '../runtime/connector-context.ts';
import type { ConnectorRunner } from '../runtime/connector-runner.ts';
import { describeCalls } from '../runtime/describe-calls.ts';
import type { CallInput } from '../runtime/variables.ts';
import type { ConnectorKind } from '../spec/connector.ts';
import { placeOf } from '../validation/places.ts';
import type { SdlSource } from '../spec/sdl-source.ts';

export interface ConnectorTrial {
  /** `catalog:Query.book[0]`. */
  readonly coordinate: string;
  readonly kind: ConnectorKind;
  /** `GET /v2/books/{$args.id}`. */
  readonly call: string;
  readonly source: string | undefined;
  /** Where it stands in the file. */
  readonly range: Range;
  run(input: CallInput, context: ConnectorContext): Promise<TrialResult>;
}

export type TrialResult =
  | { readonly kind: 'value'; readonly value: Maybe; readonly problems: readonly TrialProblem[] }
  | { readonly kind: 'error'; readonly message: string; readonly extensions: Readonly<Record<string, unknown>> };

/** A mapping problem with its place in the file. */
export interface TrialProblem extends Problem {
  readonly range: Range;
}

/** For the process alone; a client never sees them, and neither does who tries a connector. */
const internalExtensions = new Set(['dispatched', 'upstream']);

export function createTrial(runner: ConnectorRunner, file: SdlSource): ConnectorTrial {
  const { connector } = runner;
  const { coordinate, kind, source, selection, directive } = connector;
  const locate = (problem: Problem): TrialProblem => {
    const { start, end } = problem.span;
    return { ...problem, range: file.rangeInString(selection.node, start, end) };
  };
  return {
    coordinate,
    kind,
    call: describeCalls(placeOf(connector), [connector])[0] ?? '',
    source: source?.name,
    range: file.rangeOf(directive),
    async run(input, context) {
      const outcome = await runner.run(input, context, { isRoot: kind === 'root' });
      if (outcome.kind === 'failure') {
        const { message, extensions } = outcome.failure;
        const shown = Object.entries(extensions).filter(([name]) => !internalExtensions.has(name));
        return { kind: 'error', message, extensions: Object.fromEntries(shown) };
      }
      const { body, variables } = outcome.value;
      const { value, problems } = selection.evaluate(body, variables);
      return { kind: 'value', value, problems: [...problems, ...runner.findUntyped(value)].map(locate) };
    },
  };
}
