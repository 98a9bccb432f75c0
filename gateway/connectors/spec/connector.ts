/** What a file says about its services and connectors, read and merged, ready to be checked and run (connectors.md 6). */
import type { ConstDirectiveNode, ConstValueNode, StringValueNode } from 'graphql';
import type { MappingNode } from '../mapping/ast.ts';
import type { CompiledMapping } from '../mapping/compile.ts';
import type { Shape } from '../mapping/shape.ts';
import type { HeaderRule } from './header-rule.ts';
import type { KeySet } from './key-set.ts';
import type { Read } from './read-path.ts';
import type { Template } from './template.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Which mapping problems become errors (3.2). */
export type Strict = 'none' | 'required' | 'all';

/** A mapping in the file. */
export interface MappingPart {
  readonly node: StringValueNode;
  readonly tree: MappingNode;
  readonly evaluate: CompiledMapping;
}

export interface HeaderPart {
  readonly name: string;
  readonly node: ConstValueNode;
  readonly from?: string;
  readonly value?: Template;
}

/** What `@source` and `@connect` have in common. */
export interface RequestParts {
  readonly path?: MappingPart;
  readonly queryParams?: MappingPart;
  readonly headers: readonly HeaderPart[];
  readonly errorsMessage?: MappingPart;
  readonly errorsExtensions?: MappingPart;
  readonly isSuccess?: MappingPart;
}

export interface SourceDeclaration extends RequestParts {
  readonly name: string;
  readonly directive: ConstDirectiveNode;
  readonly baseUrl?: Template;
  readonly skipsNullKeys?: boolean;
  readonly strict?: Strict;
}

/** `@tributaryKeyList` (3.4): many keys in one list request. */
export interface KeyList {
  readonly directive: ConstDirectiveNode;
  readonly get: Template;
  readonly param: string;
  readonly items: MappingPart;
  readonly itemKey?: MappingPart;
  readonly style: 'comma' | 'repeat';
  readonly maxSize: number;
  readonly joins: boolean;
}

/**
 * - `page`: by number of the page
 * - `offset`: by number of the item
 * - `cursor`: by a token that stands in the body before
 * - `link`: by a parameter of the `next` link in the header before (RFC 8288)
 */
export type PageStyle = 'page' | 'offset' | 'cursor' | 'link';

/** `@tributaryPage`: how the service cuts a list, so that the field can be a connection (docs/decisions/0017). */
export interface PageRule {
  readonly directive: ConstDirectiveNode;
  readonly style: PageStyle;
  /** `cursor`: gives the token of the next page. `page`, `offset`: gives whether there is more. */
  readonly next?: MappingPart;
  /** `link`: the query parameter of the next link that says where to go on. */
  readonly param?: string;
  /** How many items the service gives in one call, whatever it is asked for. */
  readonly fixedSize?: number;
  /** How many items there are when the client does not say. */
  readonly defaultSize: number;
  /** How many a client may ask for, and the service at most gives in one call. */
  readonly maxSize: number;
  /** How many calls one field may cost. */
  readonly maxCalls: number;
  /** `page`: the number of the first one. */
  readonly firstPage: number;
}

/**
 * - `root`: on a field of Query or Mutation
 * - `entity`: on a Query field with `entity: true`; serves as `root` too
 * - `field`: on a field of another type (Apollo: implicit)
 * - `type`: on a type, one entity a call
 * - `batch`: on a type, reading `$batch`
 */
export type ConnectorKind = 'root' | 'entity' | 'field' | 'type' | 'batch';

interface MethodUrl {
  readonly method: HttpMethod;
  readonly node: ConstValueNode;
  /** Undefined when it did not parse. */
  readonly template?: Template;
}

/** One `@connect` as it stands in the file; rules check it, `buildConnectors` makes a connector of it when it is sound. */
export interface ConnectDeclaration extends RequestParts {
  readonly kind: ConnectorKind;
  readonly typeName: string;
  readonly fieldName?: string;
  readonly index: number;
  readonly id?: string;
  /** `catalog:Query.book[0]`. */
  readonly coordinate: string;
  readonly directive: ConstDirectiveNode;
  readonly sourceName?: StringValueNode;
  readonly methods: readonly MethodUrl[];
  readonly body?: MappingPart;
  readonly selection?: MappingPart;
  readonly batch?: { readonly node: ConstValueNode; readonly maxSize?: number };
  readonly isEntity?: boolean;
  readonly keyList?: KeyList;
  readonly page?: PageRule;
  /** Of `@tributaryRead`. */
  readonly reads?: readonly Read[];
  readonly skipsNullKeys?: boolean;
  readonly strict?: Strict;
  /** Of the settings: what a 404 of a GET is; left out, what holds for its source. */
  readonly isNotFoundNull?: boolean;
  /** Of the settings: its POST or PATCH may be sent twice. */
  readonly isIdempotent?: boolean;
  readonly hasOwnBreaker?: boolean;
  /** Of the settings: whether equal calls in flight are one. */
  readonly isShared?: boolean;
  /** Name of the upstream settings of its calls. */
  readonly variant?: string;
  /** Something of it did not parse: checks over the whole schema leave its types out. */
  readonly isFaulty: boolean;
}

/** A connector that runs: checked, merged with its source, its key inferred. */
export interface Connector extends ConnectDeclaration {
  readonly source?: SourceDeclaration;
  /** Undefined for a virtual connector, whose selection is applied to an empty object (11.5). */
  readonly http?: { readonly method: HttpMethod; readonly url: Template };
  readonly selection: MappingPart;
  readonly shape: Shape;
  /** The key inferred from what the connector reads of the representation (11.1). */
  readonly keys: KeySet;
  /** `$this.id`, `$args.id`: what is read in the path of the URL; without it there is no call (3.6). */
  readonly pathReads: ReadonlySet<string>;
  /** The type it answers entities of: its own, or the one its `entity: true` field returns. */
  readonly entityType?: string;
  readonly skipsNullKeys: boolean;
  readonly strict: Strict;
  /** Of the settings: for all connectors, then for those of its source. */
  readonly headerRules: readonly HeaderRule[];
}
