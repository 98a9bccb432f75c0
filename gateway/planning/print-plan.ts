/** A plan as text, in the layout that people know from Apollo's tools. */
import { OperationTypeNode } from 'graphql';
import { prettyFormatQueryPlan, type PlanNode, type QueryPlanSelectionNode } from '@apollo/query-planner';
import type { PlanStep, RequiredSelection } from './query-planner.ts';

export const printPlan = (root: PlanStep | undefined): string =>
  prettyFormatQueryPlan({ kind: 'QueryPlan', ...(root === undefined ? {} : { node: toNode(root) }) });

function toNode(step: PlanStep): PlanNode {
  switch (step.kind) {
    case 'sequence':
      return { kind: 'Sequence', nodes: step.steps.map(toNode) };
    case 'parallel':
      return { kind: 'Parallel', nodes: step.steps.map(toNode) };
    case 'flatten':
      return { kind: 'Flatten', path: [...step.path], node: toNode(step.step) };
    case 'condition': {
      const ifClause = step.whenTrue && toNode(step.whenTrue);
      const elseClause = step.whenFalse && toNode(step.whenFalse);
      return {
        kind: 'Condition',
        condition: step.variable,
        ...(ifClause === undefined ? {} : { ifClause }),
        ...(elseClause === undefined ? {} : { elseClause }),
      };
    }
    case 'fetch':
      return {
        kind: 'Fetch',
        serviceName: step.subgraph,
        operation: step.operation,
        operationName: step.operationName,
        operationKind: OperationTypeNode.QUERY,
        ...(step.isEntityFetch ? { requires: step.requires.map(toSelection) } : {}),
      };
  }
}

function toSelection(selection: RequiredSelection): QueryPlanSelectionNode {
  if (selection.kind === 'fragment') {
    const { type, selections } = selection;
    return {
      kind: 'InlineFragment',
      ...(type === undefined ? {} : { typeCondition: type }),
      selections: selections.map(toSelection),
    };
  }
  const { name, sentAs = name, selections } = selection;
  return {
    kind: 'Field',
    name: sentAs,
    ...(selections === undefined ? {} : { selections: selections.map(toSelection) }),
  };
}
