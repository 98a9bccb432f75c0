/**
 * What the settings say about single connectors (connectors.md 3.1). They become directives, as if they stood in the file, and
 * are read and checked like those; what is wrong with them is reported at their place in the settings.
 */
import { Kind, visit, type ConstArgumentNode, type ConstDirectiveNode, type ConstValueNode } from 'graphql';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Range } from '../../errors/fault.ts';
import type { Strict } from './connector.ts';
import type { FaultSink } from './fault-sink.ts';

/** Of one connector; what is left out stays as the file says. */
export interface ConnectorOverride {
  readonly strict?: Strict;
  readonly skipNullKeys?: boolean;
  readonly isNotFoundNull?: boolean;
  readonly isIdempotent?: boolean;
  readonly hasOwnBreaker?: boolean;
  /** Whether equal calls in flight are one. */
  readonly isShared?: boolean;
  readonly keyList?: DirectiveArguments;
  readonly read?: readonly DirectiveArguments[];
  /** Name of the upstream settings of its calls. */
  readonly variant?: string;
  /** Where its name stands in the settings. */
  readonly range?: Range;
}

type DirectiveArguments = Readonly<Record<string, string | number | boolean | undefined>>;

/** A connector by which the settings may call it. */
interface Named {
  readonly typeName: string;
  readonly fieldName: string | undefined;
  readonly index: number;
  /** How many there are at the same place. */
  readonly count: number;
  readonly id: string | undefined;
}

/** Finds what is set for each connector, and at the end what was set for none. */
export class ConnectorOverrides {
  readonly #overrides: Readonly<Record<string, ConnectorOverride>>;
  readonly #unused: Set<string>;
  readonly #names = new Set<string>();

  constructor(overrides: Readonly<Record<string, ConnectorOverride>>) {
    this.#overrides = overrides;
    this.#unused = new Set(Object.keys(overrides));
  }

  /** By `id`, by `Type.field` or `Type`, with `[index]` where there are several. */
  of({ typeName, fieldName, index, count, id }: Named): ConnectorOverride | undefined {
    const place = fieldName === undefined ? typeName : `${typeName}.${fieldName}`;
    const names = [...(id === undefined ? [] : [id]), `${place}[${index}]`, ...(count === 1 ? [place] : [])];
    this.#names.add(count === 1 ? place : `${place}[${index}]`);
    if (id !== undefined) this.#names.add(id);
    const found = names.filter((name) => Object.hasOwn(this.#overrides, name));
    for (const name of found) this.#unused.delete(name);
    return found.length === 0 ? undefined : Object.assign({}, ...found.map((name) => this.#overrides[name]).reverse());
  }

  reportUnused(subgraph: string, faults: FaultSink): void {
    for (const name of this.#unused) {
      const message = `Unknown connector "${name}" in services.${subgraph}.connectors`;
      faults.reportAt('CONFIG_UNKNOWN_OPTION', message, this.#overrides[name]?.range, didYouMean(name, this.#names));
    }
  }
}

/** The directives that say the same; before those of the file, since the settings win. */
export function overrideDirectives(
  { keyList, read = [], range }: ConnectorOverride,
  index: number,
  faults: FaultSink,
): ConstDirectiveNode[] {
  const directives = [
    ...(keyList ? [buildDirective('tributaryKeyList', { ...keyList, index })] : []),
    ...read.map((one) => buildDirective('tributaryRead', { ...one, index })),
  ];
  for (const directive of directives) visit(directive, { enter: (node) => faults.source.adopt(node, range) });
  return directives;
}

const buildDirective = (name: string, values: DirectiveArguments): ConstDirectiveNode => ({
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: name },
  arguments: Object.entries(values).flatMap(([argument, value]): ConstArgumentNode[] =>
    value === undefined
      ? []
      : [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: argument }, value: buildValue(value) }],
  ),
});

function buildValue(value: string | number | boolean): ConstValueNode {
  if (typeof value === 'string') return { kind: Kind.STRING, value };
  return typeof value === 'number' ? { kind: Kind.INT, value: String(value) } : { kind: Kind.BOOLEAN, value };
}
