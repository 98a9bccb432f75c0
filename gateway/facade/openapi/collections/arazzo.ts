/**
 * Workflows over the API (Arazzo 1.0.1): for each noun, find one and read it; and, where it can be written, its life from being
 * created to being deleted. A step takes keys and tags from the steps before it; what no step knows is an input.
 */
import type { Json } from '../../contract.ts';
import { isNode, follow, type Node } from '../follow.ts';
import { infoOf, readOperations, type OperationSample, type ParameterSample } from './operations.ts';

const SOURCE = 'api';

/** The operations around one item route. */
interface Noun {
  readonly name: string;
  /** The parameter of the item route. */
  readonly key: string;
  readonly item: OperationSample;
  readonly list?: OperationSample;
  readonly create?: OperationSample;
  /** On the item or below it, reads aside: change it first, delete it last. */
  readonly writes: readonly OperationSample[];
}

const order = ['PATCH', 'PUT', 'POST', 'DELETE'];

function findNouns(operations: readonly OperationSample[]): Noun[] {
  return operations.flatMap((item): Noun[] => {
    const [, base, key] = /^((?:\/[^/{}]+)+)\/\{([^/{}]+)\}$/.exec(item.path) ?? [];
    if (item.method !== 'GET' || base === undefined || key === undefined) return [];
    const list = operations.find(({ method, path }) => method === 'GET' && path === base);
    const create = operations.find(
      ({ method, path, success }) => method === 'POST' && path === base && success === 201,
    );
    const writes = operations
      .filter(({ method, path }) => method !== 'GET' && (path === item.path || path.startsWith(`${item.path}/`)))
      .toSorted((a, b) => order.indexOf(a.method) - order.indexOf(b.method));
    return [
      {
        name: base.slice(1).replaceAll('/', '-'),
        key,
        item,
        ...(list ? { list } : {}),
        ...(create ? { create } : {}),
        writes,
      },
    ];
  });
}

/** Where a list has the key of its first item, as a JSON Pointer; undefined where the document does not say. */
function firstKeyOf(document: Node, { answer }: OperationSample, key: string): string | undefined {
  const hasKey = (list: Json | undefined) => {
    const schema = follow(document, list);
    const item = follow(document, schema['items']);
    return schema['type'] === 'array' && isNode(item['properties']) && key in item['properties'];
  };
  if (answer === undefined) return undefined;
  if (hasKey(answer)) return `/0/${key}`;
  const properties = isNode(answer['properties']) ? answer['properties'] : {};
  const name = Object.keys(properties).find((one) => hasKey(properties[one]));
  return name === undefined ? undefined : `/${name}/0/${key}`;
}

const hasProperty = ({ answer }: OperationSample, name: string): boolean =>
  isNode(answer?.['properties']) && name in answer['properties'];

/** Steps of one workflow, with the inputs they need. */
class WorkflowBuilder {
  readonly steps: Json[] = [];
  readonly inputs: Record<string, Json> = {};

  add(
    operation: OperationSample,
    known: Readonly<Record<string, string>>,
    outputs: Readonly<Record<string, string>> = {},
  ): void {
    const { id, body, success, summary, description } = operation;
    const parameters = operation.parameters.flatMap((one) => this.#fill(one, known));
    const text = summary ?? description;
    this.steps.push({
      stepId: id,
      ...(text === undefined ? {} : { description: text }),
      operationId: id,
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(body ? { requestBody: { contentType: body.mediaType, payload: body.value } } : {}),
      successCriteria: [{ condition: `$statusCode == ${success}` }],
      ...(Object.keys(outputs).length > 0 ? { outputs } : {}),
    });
  }

  #fill(
    { name, in: place, required, value, isExample }: ParameterSample,
    known: Readonly<Record<string, string>>,
  ): Json[] {
    if (known[name] !== undefined) return [{ name, in: place, value: known[name] }];
    if (!required) return [];
    const input = name.replaceAll(/[^A-Za-z0-9_-]/g, '_');
    this.inputs[input] = { type: 'string', ...(isExample ? { default: value } : { examples: [value] }) };
    return [{ name, in: place, value: `$inputs.${input}` }];
  }

  build(workflowId: string, summary: string): Json {
    const inputs = Object.keys(this.inputs);
    return {
      workflowId,
      summary,
      ...(inputs.length > 0 ? { inputs: { type: 'object', properties: this.inputs, required: inputs } } : {}),
      steps: this.steps,
    };
  }
}

const tagOutput = ({ headers }: OperationSample): Record<string, string> =>
  headers.includes('ETag') ? { etag: '$response.header.ETag' } : {};

/** Find one, and read it. */
function buildBrowse(document: Node, { name, key, item, list }: Noun): Json[] {
  const pointer = list && firstKeyOf(document, list, key);
  if (!list || pointer === undefined) return [];
  const workflow = new WorkflowBuilder();
  workflow.add(list, {}, { key: `$response.body#${pointer}` });
  workflow.add(item, { [key]: `$steps.${list.id}.outputs.key` }, tagOutput(item));
  return [workflow.build(`browse-${name}`, `Find one of ${name} and read it`)];
}

/** Create one, read it, and do with it what can be done. A write under a condition takes the tag of the read before it. */
function buildLife({ name, key, item, create, writes }: Noun): Json[] {
  if (!create || !hasProperty(create, key)) return [];
  const workflow = new WorkflowBuilder();
  workflow.add(create, {}, { key: `$response.body#/${key}` });
  const known: Record<string, string> = { [key]: `$steps.${create.id}.outputs.key` };
  workflow.add(item, known, tagOutput(item));
  let tag = item.headers.includes('ETag') ? item.id : undefined;
  for (const write of writes) {
    workflow.add(
      write,
      tag === undefined ? known : { ...known, 'If-Match': `$steps.${tag}.outputs.etag` },
      tagOutput(write),
    );
    if (write.headers.includes('ETag') && write.path === item.path) tag = write.id;
  }
  return [workflow.build(`life-of-${name}`, `Create one of ${name}, read it, and do with it what can be done`)];
}

/** The workflows of a document; `source` is where the document is, seen from the workflows. */
export function buildArazzo(document: Node, source: string): Json {
  const { title, version, description } = infoOf(document);
  const nouns = findNouns(readOperations(document));
  return {
    arazzo: '1.0.1',
    info: { title, summary: `Workflows over ${title}`, description, version },
    sourceDescriptions: [{ name: SOURCE, url: source, type: 'openapi' }],
    workflows: nouns.flatMap((noun) => [...buildBrowse(document, noun), ...buildLife(noun)]),
  };
}
