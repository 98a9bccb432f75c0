/** Who takes part: the command of each, and what it is given beyond the port. */
import { fileURLToPath } from 'node:url';
import type { Workload } from './workloads.ts';

export interface Run {
  readonly workload: Workload;
  readonly servicesUrl: string;
  readonly supergraphFile: string;
  readonly schemaFile: string;
  readonly answerFile: string;
}

export interface Contestant {
  readonly name: string;
  readonly kinds: readonly Workload['kind'][];
  readonly file: string;
  readonly folder?: string;
  readonly args?: (run: Run, port: number) => readonly string[];
  readonly env?: (run: Run) => Readonly<Record<string, string>>;
}

const both = ['federation', 'rest'] as const;
const here = (file: string): string => fileURLToPath(import.meta.resolve(file));
/** The folder of the peers' packages; this file runs from dist/bench/comparison. */
export const peersFolder = here('../../../bench/peers');

const tributary = (name: string, sharing: string): Contestant => ({
  ...{ name, kinds: both, file: here('../serve.js') },
  env: ({ workload, servicesUrl, supergraphFile, schemaFile }) => ({
    ...{ WORKLOAD: workload.served, SHARING: sharing, UPSTREAM_URL: servicesUrl },
    ...{ SUPERGRAPH: supergraphFile, SCHEMA: schemaFile },
  }),
});

const hive = (name: string, sharing: string): Contestant => ({
  ...{ name, kinds: ['federation'], folder: peersFolder },
  file: `${peersFolder}/node_modules/@graphql-hive/gateway/dist/bin.js`,
  args: ({ supergraphFile }, port) => [
    ...['supergraph', supergraphFile, '--fork', '1', '--host', '127.0.0.1', '--port', String(port)],
    ...['--config-path', 'hive-gateway.config.mjs'],
  ],
  env: () => ({ SHARING: sharing }),
});

export const contestants: readonly Contestant[] = [
  tributary('tributary', 'on'),
  tributary('tributary, calls shared', 'upstream'),
  tributary('tributary, nothing shared', 'off'),
  hive('hive gateway', 'on'),
  hive('hive gateway, nothing shared', 'off'),
  {
    ...{ name: 'apollo gateway', kinds: ['federation'], file: here('./contestants/apollo-gateway.js') },
    env: ({ supergraphFile }) => ({ SUPERGRAPH: supergraphFile }),
  },
  {
    ...{ name: 'apollo server', kinds: ['rest'], file: here('./contestants/apollo-server.js') },
    env: ({ servicesUrl, schemaFile }) => ({ UPSTREAM_URL: servicesUrl, SCHEMA: schemaFile }),
  },
  {
    ...{ name: 'node:http, constant bytes', kinds: both, file: here('./contestants/static.js') },
    env: ({ answerFile }) => ({ ANSWER_FILE: answerFile }),
  },
];
