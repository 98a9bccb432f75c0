/** Rules 14 and 17 for `@async`: it names no operation, or a job path that does not parse or reads what is not selected. */
import { getNamedType, isEnumType, type GraphQLSchema } from 'graphql';
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { argumentNode, type AsyncValues, type Declaration } from '../declaration.ts';
import { readFactMapping } from '../fact-mapping.ts';
import { resultOf } from './known-paths.ts';
import { successTypes } from './outcomes-exhaustive.ts';
import type { Rule, RuleContext } from './rule.ts';

/** The one object type a success of the operation is, and what is selected of it. */
function successOf(declaration: Declaration, schema: GraphQLSchema) {
  const [type] = successTypes(declaration, schema);
  return resultOf(declaration)?.selection?.variants.get(type ?? '');
}

const parametersOf = ({ segments }: Declaration): string[] =>
  typeof segments === 'string'
    ? []
    : segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []));

class JobChecker {
  readonly #start: Declaration;
  readonly #rule: AsyncValues;
  readonly #context: RuleContext;
  readonly #siblings: readonly Declaration[];

  constructor(start: Declaration, rule: AsyncValues, context: RuleContext) {
    this.#start = start;
    this.#rule = rule;
    this.#context = context;
    this.#siblings = context.declarations.filter(({ version }) => version === start.version);
  }

  #report(message: string, hint?: string): void {
    const { async } = this.#start;
    if (async) this.#context.report(message, argumentNode(async.node, 'rule'), hint);
  }

  /** The GET route that `job` or `result` names; undefined where there is none, or it is switched off. */
  #target(part: 'job' | 'result', name: string): Declaration | undefined {
    if (this.#context.disabled.has(name)) return undefined;
    const found = this.#siblings.find((other) => other.name === name);
    const what = `"${part}" of @async on "${this.#start.name}"`;
    if (!found) {
      const names = this.#siblings.map((other) => other.name);
      this.#report(`${what} is "${name}", which is no operation`, didYouMean(name, names));
    } else if (found.http.values.method !== 'GET') {
      this.#report(`${what} is "${name}", which is no GET route`);
    } else return found;
    return undefined;
  }

  #checkMapping(text: string, part: string, of: Declaration): void {
    const mapping = readFactMapping(text, 'expression');
    const what = `"${part}" of @async on "${this.#start.name}"`;
    if ('fault' in mapping) return this.#report(`${what} does not read: ${mapping.fault}`, mapping.hint);
    const keys = [...(successOf(of, this.#context.schema)?.fields.keys() ?? [])];
    for (const key of mapping.reads.filter((one) => !keys.includes(one))) {
      this.#report(`${what} reads "${key}", which "${of.name}" does not select`, didYouMean(key, keys));
    }
  }

  /** Names of states are checked where the graph knows them all. */
  #checkStates(job: Declaration): void {
    const { state, running, done, failed } = this.#rule;
    const mapping = readFactMapping(state, 'expression');
    const [key] = 'reads' in mapping && state.trim() === `$.${mapping.reads[0]}` ? mapping.reads : [];
    const field = key === undefined ? undefined : successOf(job, this.#context.schema)?.fields.get(key);
    const type = field && getNamedType(field.type);
    if (!isEnumType(type)) return;
    const known = type.getValues().map(({ name }) => name);
    const listed = [...running, ...done, ...(failed ?? [])];
    for (const name of listed.filter((one) => !known.includes(one))) {
      this.#report(`@async of "${this.#start.name}": "${name}" is no ${type.name}`, didYouMean(name, known));
    }
    const missing = failed == null ? [] : known.filter((name) => !listed.includes(name));
    if (missing.length > 0) {
      const names = missing.map((name) => `"${name}"`).join(', ');
      this.#report(`@async of "${this.#start.name}" says nothing of ${names} of ${type.name}`);
    }
  }

  /** The address of the job is made from what starting it answers: its key, or fields of the same names. */
  #checkAddress(job: Declaration): void {
    const { schema, declarations } = this.#context;
    const success = successOf(this.#start, schema);
    const item = declarations.find(
      ({ version, resource }) => version === job.version && resource?.values.type === success?.typeName,
    );
    const given = [...(success?.fields.keys() ?? []), ...(item?.resource?.values.key ?? [])];
    for (const name of parametersOf(job).filter((one) => !given.includes(one))) {
      this.#report(
        `"${this.#start.name}" does not say "{${name}}" of its job "${job.name}"`,
        `Select "${name}", or make "${job.name}" the @resource of its type`,
      );
    }
  }

  #checkResult(name: string, job: Declaration): void {
    const target = this.#target('result', name);
    if (!target) return;
    if (parametersOf(target).length !== 1) {
      this.#report(
        `"result" of @async on "${this.#start.name}" is "${name}", whose path has not exactly one parameter`,
      );
    }
    this.#checkMapping(this.#rule.resultId, 'resultId', job);
  }

  check(): void {
    const { http, name } = this.#start;
    const { running, done, failed, result, state, error } = this.#rule;
    const { success } = http.values;
    if (success !== undefined && success !== 202)
      this.#report(`"${name}" is @async, so its success is 202, not ${success}`);
    const all = [...running, ...done, ...(failed ?? [])];
    const twice = all.find((one, i) => all.indexOf(one) !== i);
    if (twice !== undefined) this.#report(`@async of "${name}" lists "${twice}" twice`);
    const job = this.#target('job', this.#rule.job);
    if (!job) return;
    this.#checkMapping(state, 'state', job);
    if (this.#start !== job) this.#checkMapping(state, 'state', this.#start);
    if (error != null) this.#checkMapping(error, 'error', job);
    this.#checkStates(job);
    this.#checkAddress(job);
    if (result != null) this.#checkResult(result, job);
  }
}

/** One job route is read by one rule. */
const sameRule = (a: AsyncValues, b: AsyncValues): boolean => JSON.stringify(a) === JSON.stringify(b);

export const jobsFit: Rule = (context) => {
  const byJob = new Map<string, { readonly start: Declaration; readonly rule: AsyncValues }>();
  for (const start of context.declarations) {
    const rule = start.async?.values.rule;
    if (!start.async || !rule) continue;
    new JobChecker(start, rule, context).check();
    const id = `${start.version} ${rule.job}`;
    const known = byJob.get(id);
    if (known && !sameRule(known.rule, rule)) {
      const message = `"${start.name}" and "${known.start.name}" read the job "${rule.job}" by different rules`;
      context.report(message, argumentNode(start.async.node, 'rule'), 'Give each a job route of its own');
    }
    byJob.set(id, { start, rule });
  }
};
