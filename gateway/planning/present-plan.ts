/**
 * A plan as Apollo Router shows it in `extensions.apolloQueryPlan` (experience.md 3.1): the shape is fixed by Apollo Sandbox.
 * What our planner leaves out is there all the same, empty.
 */
import { createHash } from 'node:crypto';
import { prettyFormatQueryPlan } from '@apollo/query-planner';
import { Kind, parse } from 'graphql';
import type { FetchStep, PlanStep, QueryPlan, RequiredSelection, Rewrite } from './query-planner.ts';

interface PlanRewrite {
  readonly kind: 'ValueSetter' | 'KeyRenamer';
  readonly path: readonly string[];
}

interface PlanFetch {
  readonly kind: 'Fetch';
  readonly serviceName: string;
  readonly requires?: readonly PlanSelection[];
  readonly variableUsages: readonly string[];
  readonly operation: string;
  readonly operationName: string | null;
  readonly operationKind: 'query' | 'mutation' | 'subscription';
  readonly id: string | null;
  readonly inputRewrites: readonly PlanRewrite[] | null;
  readonly outputRewrites: readonly PlanRewrite[] | null;
  readonly contextRewrites: null;
  readonly schemaAwareHash: string;
  readonly authorization: {
    readonly is_authenticated: boolean;
    readonly scopes: readonly string[];
    readonly policies: readonly string[];
  };
}

type PlanSelection =
  | { readonly kind: 'Field'; readonly name: string; readonly selections?: readonly PlanSelection[] }
  | { readonly kind: 'InlineFragment'; readonly typeCondition?: string; readonly selections: readonly PlanSelection[] };

type PlanNode =
  | PlanFetch
  | { readonly kind: 'Sequence' | 'Parallel'; readonly nodes: readonly PlanNode[] }
  | { readonly kind: 'Flatten'; readonly path: readonly string[]; readonly node: PlanNode }
  | {
      readonly kind: 'Condition';
      readonly condition: string;
      readonly ifClause: PlanNode | null;
      readonly elseClause: PlanNode | null;
    };

export interface PresentedPlan {
  readonly object: { readonly kind: 'QueryPlan'; readonly node: PlanNode | null };
  /** As Apollo prints it. */
  readonly text: string;
}

export type PresentPlan = (plan: Pick<QueryPlan, 'root'>) => PresentedPlan;

/** `nameFetch` says in words who answers a fetch. */
export function createPlanPresenter(supergraphSdl: string, nameFetch: (step: FetchStep) => string): PresentPlan {
  const schemaHash = createHash('sha256').update(supergraphSdl).digest('hex');

  const present = (step: PlanStep): PlanNode => {
    switch (step.kind) {
      case 'sequence':
        return { kind: 'Sequence', nodes: step.steps.map(present) };
      case 'parallel':
        return { kind: 'Parallel', nodes: step.steps.map(present) };
      case 'flatten':
        return { kind: 'Flatten', path: step.path, node: present(step.step) };
      case 'condition':
        return {
          kind: 'Condition',
          condition: step.variable,
          ifClause: step.whenTrue ? present(step.whenTrue) : null,
          elseClause: step.whenFalse ? present(step.whenFalse) : null,
        };
      case 'fetch':
        return presentFetch(step, nameFetch(step), schemaHash);
    }
  };

  return ({ root }) => {
    const node = root === undefined ? null : present(root);
    const object = { kind: 'QueryPlan', node } as const;
    return { object, text: prettyFormatQueryPlan({ ...object, node: node ?? undefined } as never) };
  };
}

function presentFetch(step: FetchStep, serviceName: string, schemaHash: string): PlanFetch {
  const { operation, operationName, requires, variables, inputRewrites, outputRewrites } = step;
  return {
    kind: 'Fetch',
    serviceName,
    ...(requires.length === 0 ? {} : { requires: requires.map(presentSelection) }),
    variableUsages: variables,
    operation,
    operationName: operationName ?? null,
    operationKind: operationKindOf(operation),
    id: null,
    inputRewrites: presentRewrites(inputRewrites),
    outputRewrites: presentRewrites(outputRewrites),
    contextRewrites: null,
    schemaAwareHash: createHash('sha256').update(`${schemaHash} ${operation}`).digest('hex'),
    authorization: { is_authenticated: false, scopes: [], policies: [] },
  };
}

function operationKindOf(text: string): PlanFetch['operationKind'] {
  const definition = parse(text).definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.operation : 'query';
}

function presentSelection(required: RequiredSelection): PlanSelection {
  if (required.kind === 'field') {
    const { name, selections } = required;
    return {
      kind: 'Field',
      name,
      ...(selections === undefined ? {} : { selections: selections.map(presentSelection) }),
    };
  }
  const { type, selections } = required;
  return {
    kind: 'InlineFragment',
    ...(type === undefined ? {} : { typeCondition: type }),
    selections: selections.map(presentSelection),
  };
}

const presentRewrites = (rewrites: readonly Rewrite[]): PlanRewrite[] | null =>
  rewrites.length === 0 ? null : rewrites.map(presentRewrite);

const presentRewrite = (rewrite: Rewrite) =>
  rewrite.kind === 'set'
    ? ({ kind: 'ValueSetter', path: rewrite.path, setValueTo: rewrite.value } as const)
    : ({ kind: 'KeyRenamer', path: rewrite.path, renameKeyTo: rewrite.name } as const);
