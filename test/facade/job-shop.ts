/** A graph with jobs, for tests of `@async`: reports that take as many looks as a test says. */
import { buildSchema, execute } from 'graphql';
import {
  createFacade,
  type Facade,
  type FacadeOperation,
  type FacadeOptions,
  type FacadeResponse,
} from '../../gateway/facade/index.ts';
import { toRequest, type Sent } from './bookshop.ts';

export const jobSchema = buildSchema(`
  type Query { job(id: ID!): Job  report(id: ID!): Report  note(id: ID!): Note }
  type Mutation {
    startReport(year: Int!): Job
    addNote(text: String!): Note
    clearNotes: Boolean
  }
  type Job { id: ID! status: JobStatus! progress: Int resultId: ID error: String }
  type Report { id: ID! rows: Int! }
  type Note { id: ID! text: String! }
  enum JobStatus { QUEUED RUNNING SUCCEEDED FAILED }
`);

export const rule = '{ job: "GetJob", running: ["QUEUED", "RUNNING"], done: ["SUCCEEDED"], result: "GetReport" }';

export const startReport = (directive: string, selection = '{ id status progress }') =>
  `mutation StartReport($year: Int!) @http(method: POST, route: "/reports") ${directive} { startReport(year: $year) ${selection} }`;

export const readers = `
  query GetJob($id: ID!) @http(method: GET, route: "/jobs/{id}") @resource(type: "Job") { job(id: $id) { id status progress resultId error } }
  query GetReport($id: ID!) @http(method: GET, route: "/reports/{id}") @resource(type: "Report") { report(id: $id) { id rows } }
  query GetNote($id: ID!) @http(method: GET, route: "/notes/{id}") @resource(type: "Note") { note(id: $id) { id text } }
`;

export interface JobShop {
  readonly facade: Facade;
  readonly executed: FacadeOperation[];
  /** What the job says, look by look; the last state stays. */
  readonly states: Record<string, unknown>[];
  /** Milliseconds that were slept, by the clock of the test. */
  readonly slept: number[];
  send(url: string, sent?: Sent): Promise<FacadeResponse>;
}

export const running = { id: '7', status: 'RUNNING', progress: 10, resultId: null, error: null };
export const done = { ...running, status: 'SUCCEEDED', progress: 100, resultId: '9' };
export const failed = { ...running, status: 'FAILED', error: 'The disk is full' };

/** A facade over jobs; time passes only while it sleeps. */
export function openJobShop(
  text: string,
  { states = [running], ...options }: Partial<FacadeOptions> & { states?: Record<string, unknown>[] } = {},
): JobShop {
  const executed: FacadeOperation[] = [];
  const slept: number[] = [];
  let clock = 0;
  const look = () => (states.length > 1 ? states.shift() : states[0]);
  const root = {
    startReport: look,
    job: look,
    report: ({ id }: { id: string }) => ({ id, rows: 3 }),
    note: ({ id }: { id: string }) => ({ id, text: 'x' }),
    addNote: ({ text: note }: { text: string }) => ({ id: 'n1', text: note }),
    clearNotes: () => true,
  };
  const facade = createFacade({
    documents: [{ file: 'schema/rest/jobs.graphql', text }],
    schema: jobSchema,
    basePath: '/rest',
    monotonicNow: () => clock,
    sleep: (ms) => {
      slept.push(ms);
      clock += ms;
      return Promise.resolve();
    },
    execute: async (operation) => {
      executed.push(operation);
      const { document, operationName, variables } = operation;
      const result = await execute({
        schema: jobSchema,
        document,
        operationName,
        variableValues: variables,
        rootValue: root,
      });
      return {
        ...(result.data === undefined ? {} : { data: result.data }),
        ...(result.errors ? { errors: result.errors.map((error) => error.toJSON()) } : {}),
      };
    },
    ...options,
  });
  return { facade, executed, states, slept, send: (url, sent) => facade.handle(toRequest(url, sent)) };
}
