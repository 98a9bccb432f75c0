/** What goes between the gateway and the thread that composes and plans for it: plain data, since nothing else crosses. */
import type { ConnectorSettings } from '../../connectors/index.ts';
import type { Fault } from '../../errors/fault.ts';
import type { QueryPlan } from '../../planning/query-planner.ts';
import type { SubgraphSource } from '../../supergraph/read-subgraphs.ts';

/** What a graph is made of. */
export interface GraphInputs {
  readonly sources: readonly SubgraphSource[];
  /** By subgraph. */
  readonly connectorSettings: Readonly<Record<string, ConnectorSettings>>;
  /** `QueryPlannerOptions.pathsLimit`; no limit where it is left out. */
  readonly pathsLimit?: number;
}

export interface ComposedGraph {
  readonly supergraphSdl: string;
  /** What clients see, printed. */
  readonly apiSdl: string;
  readonly hints: readonly string[];
}

export interface PlanRequest {
  readonly id: number;
  readonly text: string;
  readonly operationName: string | undefined;
}

interface ThrownError {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
  readonly isGraphQL: boolean;
}

export type FromGraphThread =
  | { readonly kind: 'composed'; readonly graph: ComposedGraph }
  | { readonly kind: 'refused'; readonly faults: readonly Fault[]; readonly sources: ReadonlyMap<string, string> }
  | { readonly kind: 'planned'; readonly id: number; readonly plan: QueryPlan }
  | { readonly kind: 'not-planned'; readonly id: number; readonly error: ThrownError };
