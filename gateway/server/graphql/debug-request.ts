/** What debug data a request asks for, by its headers (experience.md, section 3). Whether it gets them is for the settings. */

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface DebugRequest {
  readonly queryPlan: 'none' | 'with-data' | 'dry-run';
  readonly connectors: boolean;
}

/** Names in lower case. Any other value of a header is ignored. */
export function readDebugRequest(headers: Headers): DebugRequest {
  const plan = valueOf(headers, 'apollo-expose-query-plan');
  return {
    queryPlan: plan === 'true' ? 'with-data' : plan === 'dry-run' ? 'dry-run' : 'none',
    connectors: valueOf(headers, 'apollo-connectors-debugging') === 'true',
  };
}

function valueOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
