/** Root fields of the query type as operations: items, collections, the pages below an item, and the rest. */
import { getNamedType, getNullableType, isCompositeType, isLeafType, isListType, isRequiredArgument } from 'graphql';
import {
  draftQueryVariable,
  draftVariable,
  findPageArguments,
  printCall,
  sortQueryArguments,
  type PageArguments,
} from './draft-arguments.ts';
import type { DraftContext } from './draft-context.ts';
import { kebabCase, pascalCase } from './names.ts';
import { printHttp, type DraftOperation, type DraftVariable, type Selection } from './operation-text.ts';
import { itemPath, listShapeOf, type Field, type ItemField, type ListShape, type Resource } from './resources.ts';

const fileOf = ({ path }: Resource): string => path.slice(1);

/** Everything that a field of the query type becomes; more than one operation for an item, whose pages follow it. */
export function draftQuery(field: Field, context: DraftContext): DraftOperation[] {
  const resource = context.resources.get(getNamedType(field.type).name);
  if (resource?.item?.field === field)
    return [draftItem(resource, resource.item, context), ...draftPages(resource, context)];
  const list = listShapeOf(field.type);
  return [list ? draftCollection(field, list, context) : draftOther(field, context)];
}

function draftItem(resource: Resource, { field, keys }: ItemField, context: DraftContext): DraftOperation {
  const { type } = resource;
  const keyNames = keys.map((key) => key.argument.name);
  const { taken, left } = sortQueryArguments(field.args.filter(({ name }) => !keyNames.includes(name)));
  noteLeft(field, left, context);
  const version = type.getFields()['version'];
  const isVersioned = version !== undefined && isLeafType(getNullableType(version.type)) && version.args.length === 0;
  const isById = keys.length === 1 && keys[0]!.field === 'id';
  const rule = [
    `type: "${type.name}"`,
    ...(isById ? [] : [`key: [${keys.map((key) => `"${key.field}"`).join(', ')}]`]),
    ...(isVersioned ? ['version: "version"'] : []),
  ];
  return {
    kind: 'query',
    name: context.takeName(`Get${pascalCase(type.name)}`),
    ...(field.description ? { description: field.description } : {}),
    variables: [...keys.map(({ argument }) => draftVariable(argument)), ...taken.map(draftQueryVariable)],
    directives: [printHttp('GET', context.takeRoute('GET', itemPath(resource, keys))), `@resource(${rule.join(', ')})`],
    selection: {
      text: printCall(field.name, [...keyNames, ...taken.map(({ name }) => name)]),
      below: [context.selections.full(type)],
    },
    file: fileOf(resource),
  };
}

/** The default of the page size is written, so that the document says what a page is. */
const withPageSize = (variables: readonly DraftVariable[], page: PageArguments): DraftVariable[] =>
  variables.map((variable) =>
    variable.name === page.size && !variable.type.includes('=')
      ? { ...variable, type: `${variable.type} = ${page.defaultSize}` }
      : variable,
  );

function printCollection({ item, items, info, total }: ListShape, page: PageArguments): string {
  const rule = [
    ...(page.style === 'OFFSET' ? ['style: OFFSET'] : []),
    `items: "${items}"`,
    ...(info === undefined ? [] : [`info: "${info}"`]),
    ...(total === undefined ? [] : [`total: "${total}"`]),
    ...(page.size === 'first' ? [] : [`size: "${page.size}"`]),
    ...(page.cursor === 'after' ? [] : [`cursor: "${page.cursor}"`]),
    `max: ${Math.max(100, page.defaultSize)}`,
  ];
  return `@collection(of: "${item.name}", page: { ${rule.join(', ')} })`;
}

/** What is selected of a list or a page: the values of its items, and where the next page is. */
function selectList({ item, items, isEdge, info, total }: ListShape, field: Field, context: DraftContext): Selection[] {
  const summary = context.selections.summary(item);
  if (items === undefined) return [summary];
  const pageType = getNamedType(field.type);
  const infoType =
    info !== undefined && isCompositeType(pageType) && 'getFields' in pageType
      ? getNamedType(pageType.getFields()[info]!.type)
      : undefined;
  const known = infoType && 'getFields' in infoType ? Object.keys(infoType.getFields()) : [];
  const infoFields = ['hasNextPage', 'endCursor'].filter((name) => known.includes(name));
  return [
    { text: items, below: isEdge ? [{ text: 'node', below: [summary] }] : [summary] },
    ...(infoFields.length > 0 ? [{ text: info!, below: infoFields.map((text) => ({ text })) }] : []),
    ...(total === undefined ? [] : [{ text: total }]),
  ];
}

function draftCollection(field: Field, list: ListShape, context: DraftContext): DraftOperation {
  const { taken, left, needsBody } = sortQueryArguments(field.args);
  if (needsBody) return draftSearch(field, context);
  noteLeft(field, left, context);
  const page = list.items === undefined ? undefined : findPageArguments(taken);
  const resource = context.resources.get(list.item.name)!;
  const variables = taken.map(draftQueryVariable);
  const result = page || list.items === undefined ? JSON.stringify(field.name) : undefined;
  return {
    kind: 'query',
    name: context.takeName(`List${pascalCase(field.name)}`),
    ...(field.description ? { description: field.description } : {}),
    variables: page ? withPageSize(variables, page) : variables,
    directives: [
      printHttp('GET', context.takeRoute('GET', `/${kebabCase(field.name)}`), { result }),
      ...collectionDirective(list, page),
    ],
    selection: {
      text: printCall(
        field.name,
        taken.map(({ name }) => name),
      ),
      below: selectList(list, field, context),
    },
    file: fileOf(resource),
  };
}

const collectionDirective = (list: ListShape, page: PageArguments | undefined): string[] => {
  if (page) return [printCollection(list, page)];
  return list.items === undefined ? [`@collection(of: "${list.item.name}")`] : [];
};

/** The pages that an item has, each below its address. */
function draftPages(resource: Resource, context: DraftContext): DraftOperation[] {
  const { type, item } = resource;
  if (!item) return [];
  return Object.values(type.getFields()).flatMap((field): DraftOperation[] => {
    const list = listShapeOf(field.type);
    if (!list || isListType(getNullableType(field.type)) || field.deprecationReason != null) return [];
    const keyNames = item.keys.map(({ argument }) => argument.name);
    const { taken, left, needsBody } = sortQueryArguments(field.args);
    if (needsBody || taken.some(({ name }) => keyNames.includes(name))) {
      context.notes.push(`${type.name}.${field.name} has no route: its arguments do not fit into an address`);
      return [];
    }
    noteLeft(field, left, context);
    const page = findPageArguments(taken);
    const variables = taken.map(draftQueryVariable);
    return [
      {
        kind: 'query',
        name: context.takeName(`List${pascalCase(type.name)}${pascalCase(field.name)}`),
        ...(field.description ? { description: field.description } : {}),
        variables: [
          ...item.keys.map(({ argument }) => draftVariable(argument)),
          ...(page ? withPageSize(variables, page) : variables),
        ],
        directives: [
          printHttp('GET', context.takeRoute('GET', `${itemPath(resource, item.keys)}/${kebabCase(field.name)}`), {
            result: JSON.stringify(`${item.field.name}.${field.name}`),
          }),
          ...collectionDirective(list, page),
        ],
        selection: {
          text: printCall(item.field.name, keyNames),
          below: [
            ...context.selections.keys(type),
            {
              text: printCall(
                field.name,
                taken.map(({ name }) => name),
              ),
              below: selectList(list, field, context),
            },
          ],
        },
        file: fileOf(resource),
      },
    ];
  });
}

/** A field that is neither: its name is its address. */
function draftOther(field: Field, context: DraftContext): DraftOperation {
  const { taken, left, needsBody } = sortQueryArguments(field.args);
  if (needsBody) return draftSearch(field, context);
  noteLeft(field, left, context);
  return {
    ...describeField(field, context, 'Get'),
    variables: taken.map(draftQueryVariable),
    directives: [printHttp('GET', context.takeRoute('GET', `/${kebabCase(field.name)}`))],
    selection: select(
      field,
      taken.map(({ name }) => name),
      context,
    ),
  };
}

/** A read whose arguments no address carries is a POST that changes nothing. */
function draftSearch(field: Field, context: DraftContext): DraftOperation {
  return {
    ...describeField(field, context, 'Search'),
    variables: field.args.map((argument) => draftVariable(argument)),
    directives: [printHttp('POST', context.takeRoute('POST', `/${kebabCase(field.name)}`))],
    selection: select(
      field,
      field.args.map(({ name }) => name),
      context,
    ),
  };
}

function describeField(
  field: Field,
  context: DraftContext,
  verb: string,
): Pick<DraftOperation, 'kind' | 'name' | 'file'> {
  const resource = context.resources.get(getNamedType(field.type).name);
  return {
    kind: 'query',
    name: context.takeName(`${verb}${pascalCase(field.name)}`),
    ...(field.description ? { description: field.description } : {}),
    file: resource ? fileOf(resource) : 'other',
  };
}

function select(field: Field, names: readonly string[], context: DraftContext): Selection {
  const type = getNamedType(field.type);
  const text = printCall(field.name, names);
  const list = listShapeOf(field.type);
  if (list) return { text, below: selectList(list, field, context) };
  return isCompositeType(type) ? { text, below: context.selections.of(type) } : { text };
}

function noteLeft(field: Field, left: readonly { readonly name: string }[], context: DraftContext): void {
  for (const { name } of left.filter((one) => !isRequiredArgument(one as never))) {
    context.notes.push(`"${field.name}" is asked without its argument "${name}", which does not fit into an address`);
  }
}
