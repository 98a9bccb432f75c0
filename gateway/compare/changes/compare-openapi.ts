/** Compares two OpenAPI documents of the facade, place by place (facade.md, section 6). */
import type { Json } from '../../facade/index.ts';
import { follow, isNode, type Node } from '../../facade/openapi/follow.ts';
import { sortChanges, type Change } from './change.ts';
import { SchemaComparison, type SchemaRules } from './compare-schemas.ts';

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

const entries = (node: Node | undefined): [string, Node][] =>
  Object.entries(node ?? {}).flatMap(([name, value]): [string, Node][] => (isNode(value) ? [[name, value]] : []));

const child = (node: Node, name: string): Node => {
  const value = node[name];
  return isNode(value) ? value : {};
};

/** Parameters may be written once, for all operations of a path. */
function withParametersOf(item: Node, operation: Node): Node {
  const [shared, own] = [item['parameters'], operation['parameters']];
  if (!Array.isArray(shared)) return operation;
  return { ...operation, parameters: [...shared, ...(Array.isArray(own) ? own : [])] };
}

/** The response of a status; of a range such as `4XX`, any that lies in it. */
function findResponse(responses: Node, status: string): Json | undefined {
  const [, digit] = /^([1-5])XX$/i.exec(status) ?? [];
  const inRange = Object.keys(responses).find((one) => digit !== undefined && one.startsWith(digit));
  return responses[status] ?? responses[inRange ?? ''];
}

class Comparison {
  readonly #schemas: SchemaComparison;
  readonly #before: Node;
  readonly #after: Node;

  constructor(before: Node, after: Node, rules: SchemaRules) {
    this.#before = before;
    this.#after = after;
    this.#schemas = new SchemaComparison(before, after, rules);
  }

  run(): Change[] {
    const [before, after] = [this.#operations(this.#before), this.#operations(this.#after)];
    for (const [place, operation] of before) {
      const now = after.get(place);
      if (now) this.#compareOperation(operation, now, place);
      else this.#schemas.add('breaking', place, 'the route is missing', 'A client that calls it gets 404 or 405');
    }
    for (const place of after.keys()) {
      if (!before.has(place)) this.#schemas.add('safe', place, 'a route was added', 'Nobody calls it yet');
    }
    return sortChanges(this.#schemas.changes);
  }

  /** By method and path, names of parameters aside: they are no part of the address. */
  #operations(document: Node): Map<string, Node> {
    const found = new Map<string, Node>();
    for (const [path, item] of entries(child(document, 'paths'))) {
      for (const method of methods) {
        const operation = item[method];
        if (!isNode(operation)) continue;
        const place = `${method.toUpperCase()} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;
        found.set(place, withParametersOf(item, operation));
      }
    }
    return found;
  }

  #compareOperation(before: Node, after: Node, place: string): void {
    if (before['deprecated'] !== true && after['deprecated'] === true)
      this.#schemas.add('safe', place, 'is deprecated', 'It is still there');
    this.#compareParameters(before, after, place);
    this.#compareBody(before, after, place);
    this.#compareResponses(before, after, place);
  }

  #parameters(document: Node, operation: Node): Map<string, Node> {
    const list = Array.isArray(operation['parameters']) ? operation['parameters'] : [];
    const found = new Map<string, Node>();
    for (const one of list) {
      const parameter = follow(document, one);
      const { in: place, name } = parameter;
      // A parameter of the path is told by its place, which the route has said already.
      if (typeof place !== 'string' || typeof name !== 'string' || place === 'path') continue;
      found.set(`${place} ${name}`, parameter);
    }
    return found;
  }

  #compareParameters(old: Node, now: Node, place: string): void {
    const [before, after] = [this.#parameters(this.#before, old), this.#parameters(this.#after, now)];
    for (const [name, parameter] of before) {
      const at = `${place} ${name}`;
      const next = after.get(name);
      if (!next) {
        const isQuery = parameter['in'] === 'query';
        const reason = isQuery ? 'Unknown parameters are refused' : 'The header has no effect any more';
        this.#schemas.add(isQuery ? 'breaking' : 'dangerous', at, 'the parameter is missing', reason);
        continue;
      }
      if (next['required'] === true && parameter['required'] !== true)
        this.#schemas.add('breaking', at, 'is required now', 'A client that does not send it is refused');
      else if (next['required'] !== true && parameter['required'] === true)
        this.#schemas.add('safe', at, 'is optional now', 'Clients may go on sending it');
      this.#schemas.compare(parameter['schema'], next['schema'], 'in', at);
    }
    for (const [name, parameter] of after) {
      if (before.has(name)) continue;
      if (parameter['required'] === true)
        this.#schemas.add(
          'breaking',
          `${place} ${name}`,
          'a required parameter was added',
          'A client that does not send it is refused',
        );
      else this.#schemas.add('safe', `${place} ${name}`, 'a parameter was added', 'Clients need not send it');
    }
  }

  #compareBody(old: Node, now: Node, place: string): void {
    const [before, after] = [follow(this.#before, old['requestBody']), follow(this.#after, now['requestBody'])];
    const at = `${place} body`;
    if (after['required'] === true && before['required'] !== true)
      this.#schemas.add('breaking', at, 'is required now', 'A client that sends none is refused');
    else if (before['required'] === true && after['required'] !== true)
      this.#schemas.add('safe', at, 'is optional now', 'Clients may go on sending it');
    this.#compareContent(child(before, 'content'), child(after, 'content'), 'in', at);
  }

  #compareContent(before: Node, after: Node, direction: 'in' | 'out', place: string): void {
    for (const [type, content] of entries(before)) {
      const now = after[type];
      if (isNode(now)) this.#schemas.compare(content['schema'], now['schema'], direction, place);
      else
        this.#schemas.add(
          'breaking',
          place,
          `media type "${type}" is missing`,
          direction === 'in' ? 'A client that sends it gets 415' : 'A client that asks for it gets 406',
        );
    }
    for (const type of Object.keys(after)) {
      if (!(type in before)) this.#schemas.add('safe', place, `media type "${type}" was added`, 'Nobody has to use it');
    }
  }

  #compareResponses(old: Node, now: Node, place: string): void {
    const [before, after] = [child(old, 'responses'), child(now, 'responses')];
    for (const [status, response] of entries(before)) {
      const at = `${place} ${status}`;
      const next = findResponse(after, status);
      const isSuccess = status.startsWith('2');
      if (!isNode(next)) {
        if (isSuccess)
          this.#schemas.add('breaking', at, 'the status is missing', 'A client waits for this success in vain');
        else
          this.#schemas.add('dangerous', at, 'the status is missing', 'A client that acts on it never does so again');
        continue;
      }
      const [was, is] = [follow(this.#before, response), follow(this.#after, next)];
      for (const name of Object.keys(child(was, 'headers'))) {
        if (!(name in child(is, 'headers')))
          this.#schemas.add('breaking', at, `header "${name}" is missing`, 'A client that reads it finds nothing');
      }
      this.#compareContent(child(was, 'content'), child(is, 'content'), 'out', at);
    }
    for (const status of Object.keys(after)) {
      if (status in before) continue;
      if (status.startsWith('2'))
        this.#schemas.add('dangerous', `${place} ${status}`, 'a success was added', 'Clients may not expect it');
      else this.#schemas.add('safe', `${place} ${status}`, 'a problem was added', 'Every problem has the same form');
    }
  }
}

/** What changed from one document to the next, the worst first. */
export const compareOpenApi = (before: Node, after: Node): Change[] =>
  new Comparison(before, after, { leavesLimits: false }).run();

/** What of a contract a document does not keep (breaking), and what it keeps in another way (dangerous). */
export const compareWithContract = (contract: Node, document: Node): Change[] =>
  new Comparison(contract, document, { leavesLimits: true }).run().filter(({ severity }) => severity !== 'safe');
