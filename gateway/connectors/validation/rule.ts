/** A rule looks at a whole file and reports what is wrong with one thing in it (connectors.md 13). */
import type { ConnectorSettings } from '../runtime/connector-context.ts';
import type { DeclaredSubgraph } from '../spec/declared-subgraph.ts';
import type { FaultSink } from '../spec/fault-sink.ts';

export type Rule = (subgraph: DeclaredSubgraph, faults: FaultSink, settings: ConnectorSettings) => void;
