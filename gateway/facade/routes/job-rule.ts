/** From `@async(rule)` to how a job is read, for the route that starts it and for the one that reads it (facade.md 2.2, S13). */
import type { AsyncValues, Declaration } from './declaration.ts';
import { readFactMapping, soundMapping } from './fact-mapping.ts';
import { resultOf } from './rules/known-paths.ts';
import type { JobRule, Route } from './route.ts';

/** The rule by which the operation answers with a job: its own, or that of an operation which names it as its job. */
export function jobValuesOf(declaration: Declaration, all: readonly Declaration[]): AsyncValues | undefined {
  const isNaming = ({ version, async }: Declaration) =>
    version === declaration.version && async?.values.rule?.job === declaration.name;
  return declaration.async?.values.rule ?? all.find(isNaming)?.async?.values.rule;
}

/** `$.error` where the job has a field of that name, unless the rule says another place. */
function errorMapping({ error }: AsyncValues, declaration: Declaration): Pick<JobRule, 'error'> {
  if (error != null) return { error: soundMapping(error, 'expression') };
  const variants = [...(resultOf(declaration)?.selection?.variants.values() ?? [])];
  const found = variants.some(({ fields }) => fields.has('error'))
    ? readFactMapping('$.error', 'expression')
    : undefined;
  return found && 'apply' in found ? { error: found } : {};
}

export function compileJob(declaration: Declaration, all: readonly Declaration[]): Pick<Route, 'job'> {
  const values = jobValuesOf(declaration, all);
  if (!values) return {};
  const { job, state, running, done, failed, result, resultId, retryAfter } = values;
  return {
    job: {
      job,
      state: soundMapping(state, 'expression'),
      running,
      done,
      retryAfterSeconds: retryAfter,
      ...(failed == null ? {} : { failed }),
      ...(result == null ? {} : { result, resultId: soundMapping(resultId, 'expression') }),
      ...errorMapping(values, declaration),
    },
  };
}
