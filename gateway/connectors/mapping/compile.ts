/**
 * Turns a parsed mapping into closures, once, at load; nothing walks the tree per request. The rules are those of
 * connectors.md 8.4, quoted by number where they decide something.
 */
import type { ExpressionNode, HeadNode, ItemNode, ListNode, MappingNode, PathNode, Span, StepNode } from './ast.ts';
import { Run, type Binding, type Evaluate, type Frame, type Variables } from './frame.ts';
import { mergeValues } from './merge.ts';
import { MethodCall, type Argument } from './method.ts';
import { methods } from './methods/index.ts';
import { distinctProblems, type InputPath, type Problem } from './problem.ts';
import { isObject, setOwn, typeName, type Maybe, type Value, type ValueObject } from './value.ts';

interface Evaluation {
  readonly value: Maybe;
  readonly problems: readonly Problem[];
}

/**
 * A mapping ready to be applied to an input. Never throws, whatever the input. With `tracesOutput` each problem knows
 * where in the output it arose.
 */
export type CompiledMapping = (input: Value, variables?: Variables, tracesOutput?: boolean) => Evaluation;

const noVariables: Variables = {};

/** Compiles a mapping tree. */
export function compileMapping({ root }: MappingNode): CompiledMapping {
  const list = root.kind === 'list' ? compileList(root) : undefined;
  const expression = root.kind === 'list' ? undefined : compileExpression(root);
  return (input, variables = noVariables, tracesOutput = false) => {
    const run = new Run(variables, tracesOutput);
    try {
      const frame: Frame = {
        run,
        scope: input,
        scopePath: undefined,
        current: input,
        currentPath: undefined,
        bindings: undefined,
      };
      const value = list ? list(input, undefined, run, undefined) : expression!(frame);
      return { value, problems: distinctProblems(run.problems) };
    } catch (error) {
      // The only thing that can be thrown below: the stack is used up by a value nested thousands of levels deep
      if (!(error instanceof RangeError)) throw error;
      run.report('TOO_DEEP', 'The value is nested too deeply', undefined, root);
      return { value: undefined, problems: run.problems };
    }
  };
}

// --- lists (rules 1 and 2) -------------------------------------------------------------------------------------------

type ApplyList = (value: Value, path: InputPath | undefined, run: Run, bindings: Binding | undefined) => Maybe;

function compileList(node: ListNode): ApplyList {
  const build = compileItems(node.items, true);
  const finish = (value: Value, output: Maybe): Value => {
    if (isObject(value)) return output === undefined ? {} : output;
    return output === undefined || hasNoKeys(output) ? value : output;
  };
  const applyToEach = (
    values: Value[],
    path: InputPath | undefined,
    run: Run,
    bindings: Binding | undefined,
  ): Value => {
    const at: InputPath = { parent: path, key: 0 };
    const frame: Frame = { run, scope: null, scopePath: at, current: null, currentPath: at, bindings };
    const outputs: Value[] = [];
    outputs.length = values.length;
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index]!;
      at.key = index;
      run.output?.push(index);
      if (Array.isArray(value)) outputs[index] = applyToEach(value, at, run, bindings);
      else {
        frame.scope = value;
        frame.current = value;
        outputs[index] = finish(value, build(frame));
      }
      run.output?.pop();
    }
    return outputs;
  };
  return (value, path, run, bindings) => {
    if (Array.isArray(value)) return applyToEach(value, path, run, bindings);
    return finish(value, build({ run, scope: value, scopePath: path, current: value, currentPath: path, bindings }));
  };
}

const hasNoKeys = (value: Value): boolean => isObject(value) && Object.keys(value).length === 0;

function compileItems(items: readonly ItemNode[], merges: boolean): Evaluate {
  const only = items.length === 1 ? items[0] : undefined;
  if (only?.kind === 'anonymous') return compileExpression(only.value);
  const fields = items.filter((item) => item.kind === 'field');
  const hasDistinctNames = new Set(fields.map(({ name }) => name)).size === items.length;
  return hasDistinctNames || !merges ? compileFields(fields) : compileMergedItems(items);
}

/** The usual case: nothing can meet, so nothing is merged. Of equal names the last wins. */
function compileFields(fields: readonly { name: string; value: ExpressionNode }[]): Evaluate {
  const names = fields.map(({ name }) => name);
  const values = fields.map(({ name, value }) => compileNamed(name, compileExpression(value)));
  const create = plainObjectFactory();
  return (frame) => {
    const output = create();
    for (let index = 0; index < names.length; index += 1) {
      const value = values[index]!(frame);
      if (value !== undefined) setOwn(output, names[index]!, value);
    }
    return output;
  };
}

/**
 * Makes empty plain objects. Those of one factory get the same fields, and the engine learns how many: they need no second
 * block of memory for their properties, which halves what a mapping allocates.
 */
function plainObjectFactory(): () => ValueObject {
  const Plain = function () {} as unknown as new () => ValueObject;
  Plain.prototype = Object.prototype;
  return () => new Plain();
}

/** Evaluates under a name of the output. */
function compileNamed(name: string, evaluate: Evaluate): Evaluate {
  return (frame) => {
    const { output } = frame.run;
    if (!output) return evaluate(frame);
    output.push(name);
    const value = evaluate(frame);
    output.pop();
    return value;
  };
}

function compileMergedItems(items: readonly ItemNode[]): Evaluate {
  const parts = items.map((item) => {
    const plain = compileExpression(item.value);
    const evaluate = item.kind === 'field' ? compileNamed(item.name, plain) : plain;
    if (item.kind === 'field') {
      return (frame: Frame): Maybe => {
        const value = evaluate(frame);
        if (value === undefined) return undefined;
        const output: ValueObject = {};
        setOwn(output, item.name, value);
        return output;
      };
    }
    return (frame: Frame): Maybe => checkSpread(evaluate(frame), frame, item);
  });
  return (frame) => {
    let output: Maybe = {};
    parts.forEach((part, index) => {
      output = mergeValues(output, part(frame), (from, to) =>
        frame.run.report('LOSSY_MERGE', `A ${from} is replaced by a ${to}`, frame.scopePath, items[index]!),
      );
    });
    return output;
  };
}

function checkSpread(value: Maybe, { run, scopePath }: Frame, span: Span): Maybe {
  if (value === undefined) return run.report('SPREAD_MISSING', 'The spread has no value', scopePath, span);
  if (value === null || isObject(value)) return value;
  const message = `Only an object or null can be spread, not ${typeName(value)}`;
  return run.report('SPREAD_NOT_OBJECT', message, scopePath, span);
}

// --- expressions (rules 8 and 9) -------------------------------------------------------------------------------------

function compileExpression(node: ExpressionNode): Evaluate {
  switch (node.kind) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'array': {
      const items = node.items.map(compileExpression);
      return (frame) => items.map((item) => item(frame) ?? null);
    }
    case 'object':
      return compileItems(node.items, node.merges);
    case 'chain':
      return compileChain(node.operands.map(compileExpression), node.operator === '??');
    case 'path':
      return compilePath(node);
  }
}

function compileChain(operands: readonly Evaluate[], skipsNull: boolean): Evaluate {
  return (frame) => {
    const { run } = frame;
    const before = run.problems;
    const collected: Problem[] = [];
    let value: Maybe;
    for (const operand of operands) {
      run.problems = [];
      value = operand(frame);
      if (value !== undefined && !(skipsNull && value === null)) {
        run.problems = [...before, ...run.problems];
        return value;
      }
      collected.push(...run.problems);
    }
    run.problems = value === null ? before : [...before, ...collected];
    return value;
  };
}

// --- paths (rules 3 to 7) --------------------------------------------------------------------------------------------

/** Where a path has got to. */
interface Cursor {
  readonly frame: Frame;
  path: InputPath | undefined;
  bindings: Binding | undefined;
}

type Step = (value: Value, cursor: Cursor) => Maybe;

function compilePath(node: PathNode): Evaluate {
  const { head, steps, selection } = node;
  if (head.kind === 'key' && steps.length === 0 && !selection) {
    return ({ run, scope, scopePath }) => readKey(scope, head, false, run, scopePath);
  }
  const keys = plainKeys(node);
  if (keys) return compileKeys(keys, compileSteps(node));
  return compileSteps(node);
}

/** The keys of a path that is nothing but keys. */
function plainKeys({ head, steps, selection }: PathNode): string[] | undefined {
  if (selection || head.kind !== 'key') return undefined;
  const keys = steps.flatMap((step) => (step.kind === 'key' ? [step.key] : []));
  return keys.length === steps.length ? [head.key, ...keys] : undefined;
}

/** The usual case, every key is there: nothing needs to remember the way. Otherwise the way is gone again, step by step. */
function compileKeys(keys: readonly string[], walk: Evaluate): Evaluate {
  return (frame) => {
    let value: Value = frame.scope;
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index]!;
      if (!isObject(value) || !Object.hasOwn(value, key)) return walk(frame);
      value = value[key]!;
    }
    return value;
  };
}

function compileSteps(node: PathNode): Evaluate {
  const { head, steps, selection } = node;
  const start = compileHead(head, steps[0]?.kind === 'optional');
  const compiled = steps.map((step, index) => compileStep(step, steps[index + 1]?.kind === 'optional'));
  const list = selection && compileList(selection);
  return (frame) => {
    const cursor: Cursor = { frame, path: frame.scopePath, bindings: frame.bindings };
    let value = start(cursor);
    for (let index = 0; index < compiled.length; index += 1) {
      if (value === undefined) return undefined;
      value = compiled[index]!(value, cursor);
    }
    return value === undefined || !list ? value : list(value, cursor.path, frame.run, cursor.bindings);
  };
}

function compileHead(head: HeadNode, isOptional: boolean): (cursor: Cursor) => Maybe {
  switch (head.kind) {
    case 'scope':
      return ({ frame }) => frame.scope;
    case 'current':
      return (cursor) => {
        cursor.path = cursor.frame.currentPath;
        return cursor.frame.current;
      };
    case 'expression': {
      const evaluate = compileExpression(head.value);
      return ({ frame }) => evaluate(frame);
    }
    case 'variable':
      return (cursor) => readVariable(head.name, head, cursor);
    case 'key': {
      const pathFrom = pathMaker(head.key);
      return (cursor) => {
        const { run, scope, scopePath } = cursor.frame;
        cursor.path = pathFrom(scopePath);
        return readKey(scope, head, isOptional, run, scopePath);
      };
    }
  }
}

/** Steps of one closure from the same place lead to the same place: the items of a list share it, and its key moves with them. */
function pathMaker(key: string): (parent: InputPath | undefined) => InputPath {
  let last: InputPath | undefined;
  return (parent) => (last !== undefined && last.parent === parent ? last : (last = { parent, key }));
}

function readVariable(name: string, span: Span, cursor: Cursor): Maybe {
  const { run, scopePath, bindings } = cursor.frame;
  cursor.path = { parent: undefined, key: name };
  for (let binding = bindings; binding; binding = binding.next) {
    if (binding.name === name) return binding.value;
  }
  const value = Object.hasOwn(run.variables, name) ? run.variables[name] : undefined;
  return value === undefined
    ? run.report('VARIABLE_MISSING', `Variable "${name}" has no value`, scopePath, span)
    : value;
}

function compileStep(step: StepNode, isOptional: boolean): Step {
  switch (step.kind) {
    case 'optional':
      return (value) => (value === null ? undefined : value);
    case 'key': {
      const pathFrom = pathMaker(step.key);
      return (value, cursor) => {
        const before = cursor.path;
        cursor.path = pathFrom(before);
        return readKey(value, step, isOptional, cursor.frame.run, before);
      };
    }
    case 'method':
      return compileMethod(step);
  }
}

type KeySpan = Span & { readonly key: string; readonly isQuoted: boolean };

/** Rule 4. On an array the key is looked up in every element, and each miss is a problem, `?` or not. */
function readKey(value: Value, step: KeySpan, isOptional: boolean, run: Run, path: InputPath | undefined): Maybe {
  // In a function of its own: what a closure captures is allocated whether the closure is made or not
  if (Array.isArray(value)) return readKeyOfEach(value, step, run, path);
  const { key } = step;
  if (isObject(value)) {
    if (Object.hasOwn(value, key)) return value[key];
    if (isOptional) return undefined;
  }
  const name = step.isQuoted ? `."${key}"` : `.${key}`;
  return run.report(
    'PROPERTY_MISSING',
    `Property ${name} is missing in ${typeName(value)}`,
    { parent: path, key },
    step,
  );
}

function readKeyOfEach(values: readonly Value[], step: KeySpan, run: Run, path: InputPath | undefined): Value[] {
  return values.map((item, index) => readKey(item, step, false, run, { parent: path, key: index }) ?? null);
}

function compileMethod(step: StepNode & { kind: 'method' }): Step {
  const { name } = step;
  const method = methods.get(name);
  const args = step.args?.map(compileArgument);
  const pathFrom = pathMaker(`->${name}`);
  return (input, cursor) => {
    const path = pathFrom(cursor.path);
    cursor.path = path;
    const { frame } = cursor;
    if (!method) return frame.run.report('METHOD_UNKNOWN', `Method ->${name} does not exist`, path, step);
    const call = new MethodCall(input, name, args, cursor.bindings, frame, path, step);
    const output = method(call);
    cursor.bindings = call.bindings;
    return output;
  };
}

function compileArgument(node: ExpressionNode): Argument {
  const evaluate = compileExpression(node);
  if (node.kind === 'array' && node.items.length === 2) {
    return { evaluate, pair: [compileExpression(node.items[0]!), compileExpression(node.items[1]!)] };
  }
  if (node.kind === 'literal') return { evaluate, literal: node.value };
  if (node.kind === 'path' && node.head.kind === 'variable' && node.steps.length === 0 && !node.selection) {
    return { evaluate, variable: node.head.name };
  }
  return { evaluate };
}
