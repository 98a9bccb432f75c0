/** The SDL of one subgraph of a random graph. */
import type { Entity, Field, GraphModel, Requirement } from './graph-model.ts';
import { fieldsOf, isExternal, isGivenBy, isProvided, MEDIA } from './graph-model.ts';

const DIRECTIVES = [
  'key',
  'requires',
  'provides',
  'external',
  'shareable',
  'override',
  'interfaceObject',
  'inaccessible',
];

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [${DIRECTIVES.map((name) => `"@${name}"`).join(', ')}])`;

export function printSubgraph(model: GraphModel, home: number): string {
  const own = model.entities.filter(({ keys }) => keys.has(home));
  const stubs = model.entities.filter((entity) => entity.stubs.includes(home));
  const members = model.any.get(home);
  const isLabelledHere = model.labelled.homes.includes(home);
  return [
    link,
    `type Query {\n${printRoots(model, own, home).join('\n')}\n}`,
    `type Mutation {\n  push${home}: Int\n${own.map(({ name }) => `  push${name}In${home}: ${name}`).join('\n')}\n}`,
    'type Value @shareable { size: Int  shape: String! }',
    'type Tag @shareable { zone: String!  number: Int! }',
    'enum Mood { GLAD CALM GRIM }',
    'input Options { by: Int = 1  mood: Mood  names: [String!]  inner: Options }',
    ...(isLabelledHere ? [`interface Labelled { label${home}: String }`] : []),
    ...(members === undefined ? [] : [`union Any = ${members.join(' | ')}`]),
    ...[...pagesOf(own, home)].map((target) => `type ${target}Page${home} { total: Int!  nodes: [${target}!] }`),
    ...stubs.map((entity) => printStub(entity)),
    ...own.map((entity) => printEntity(model, entity, home)),
  ].join('\n\n');
}

function printRoots(model: GraphModel, own: readonly Entity[], home: number): string[] {
  const roots = own.flatMap(({ name }) => [
    `  ${name.toLowerCase()}From${home}(at: Int): ${name}`,
    `  ${name.toLowerCase()}sFrom${home}: [${name}]`,
  ]);
  if (model.labelled.homes.includes(home))
    roots.push(`  labelledFrom${home}: [Labelled]`, `  firstLabelledFrom${home}: Labelled`);
  if (model.any.has(home)) roots.push(`  anyFrom${home}: [Any!]`);
  return [`  aliveIn${home}: Boolean`, ...roots];
}

const pagesOf = (own: readonly Entity[], home: number): Set<string> =>
  new Set(
    own.flatMap(({ fields }) =>
      fields.flatMap((field) => (field.kind === 'page' && field.owner === home ? [field.target!] : [])),
    ),
  );

const keyFields: Readonly<Record<string, string>> = {
  id: '  id: ID!',
  part: '  part: Int!',
  tag: '  tag: Tag!',
  code: '  code: String!',
};

const namesIn = (keys: readonly string[]): string[] =>
  Object.keys(keyFields).filter((name) => keys.some((key) => key.split(' ').includes(name)));

function printStub({ name, keys }: Entity): string {
  const main = [...keys.values()].flat().find((key) => key !== 'code')!;
  const fields = namesIn([main]).map((field) => keyFields[field]);
  return `type ${name} @key(fields: "${main}", resolvable: false) {\n${fields.join('\n')}\n}`;
}

function printEntity(model: GraphModel, entity: Entity, home: number): string {
  const keys = entity.keys.get(home)!;
  const marks = keys.map((key) => ` @key(fields: "${key}")`).join('');
  const { name, kind } = entity;
  const isLabelled = model.labelled.homes.includes(home) && model.labelled.entities.includes(name);
  const isInterface = kind === 'interface object' && model.mediaHome === home;
  const implemented = [
    ...(isLabelled ? ['Labelled'] : []),
    ...(isBelowMedia(entity) && model.mediaHome === home ? [MEDIA] : []),
  ];
  const head = isInterface
    ? `interface ${name}`
    : `type ${name}${implemented.length > 0 ? ` implements ${implemented.join(' & ')}` : ''}`;
  const fields = isBelowMedia(entity) && model.mediaHome !== home ? entity.fields : fieldsOf(model, name);
  return [
    `${head}${marks}${kind === 'interface object' && !isInterface ? ' @interfaceObject' : ''} {`,
    ...namesIn(keys).map(
      (field) => `${keyFields[field]}${field === 'code' && model.isCodeHidden ? ' @inaccessible' : ''}`,
    ),
    ...(isLabelled ? [`  label${home}: String`] : []),
    ...fields.flatMap((field) => printField(model, entity, field, home)),
    '}',
  ].join('\n');
}

const isBelowMedia = ({ name }: Entity): boolean => name === 'Book' || name === 'Film';

function printField(model: GraphModel, entity: Entity, field: Field, home: number): string[] {
  const isOwn = entity.fields.includes(field);
  const isGiven = isGivenBy(field, home);
  const isOverridden = field.overriddenIn === home;
  if (!isGiven && !isOverridden && !(isOwn && isExternal(model, entity.name, field, home))) return [];
  const marks = [
    ...(isGiven || isOverridden ? [] : ['@external']),
    ...(isGiven && (field.sharedWith !== undefined || isProvided(model, entity.name, field)) ? ['@shareable'] : []),
    ...(isGiven && field.overriddenIn !== undefined ? [`@override(from: "${model.homes[field.overriddenIn]}")`] : []),
    ...(isGiven && field.requires !== undefined
      ? [`@requires(fields: "${field.requires.map(printRequirement).join(' ')}")`]
      : []),
    ...(isGiven && field.provides !== undefined ? [`@provides(fields: "${field.provides}")`] : []),
  ];
  const args = field.kind === 'counted' ? '(by: Int = 1)' : field.kind === 'picked' ? '(with: Options)' : '';
  return [`  ${field.name}${args}: ${typeOf(field)} ${marks.join(' ')}`];
}

const printRequirement = ({ field, by, below }: Requirement): string =>
  `${field}${by === undefined ? '' : `(by: ${by})`}${below === undefined ? '' : ` { ${below} }`}`;

function typeOf({ kind, target, owner }: Field): string {
  switch (kind) {
    case 'text':
    case 'counted':
    case 'picked':
      return 'String';
    case 'strict':
      return 'String!';
    case 'number':
      return 'Int';
    case 'mood':
      return 'Mood';
    case 'texts':
      return '[String]';
    case 'value':
      return 'Value';
    case 'one':
      return target!;
    case 'many':
      return `[${target!}]`;
    case 'strictMany':
      return `[${target!}!]`;
    case 'grid':
      return `[[${target!}!]]`;
    case 'page':
      return `${target!}Page${owner}`;
    case 'labelled':
      return '[Labelled]';
    case 'any':
      return 'Any';
  }
}
