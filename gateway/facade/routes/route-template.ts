/**
 * Route templates: `/books/{id}/reviews`. A hole is one whole segment; Hot Chocolate's form `{id:$input.id}` names the
 * variable, and a place inside it, apart from the parameter (facade.md 2.1).
 */

export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string; readonly variable: string; readonly path: readonly string[] };

const parameterForm = /^\{([A-Za-z_]\w*)(?::\$([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*))?\}$/;
const literalForm = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})+$/;

const readPath = (dotted: string | undefined): string[] => (dotted ? dotted.split('.').slice(1) : []);

/** The segments of a template, or a sentence that says why it is not one. */
export function readTemplate(route: string): readonly Segment[] | string {
  if (!route.startsWith('/')) return `Route "${route}" does not start with "/"`;
  const segments: Segment[] = [];
  for (const text of route.slice(1).split('/')) {
    const parameter = parameterForm.exec(text);
    if (parameter) {
      const name = parameter[1]!;
      segments.push({ kind: 'parameter', name, variable: parameter[2] ?? name, path: readPath(parameter[3]) });
    } else if (literalForm.test(text)) {
      segments.push({ kind: 'literal', text });
    } else {
      return text === ''
        ? `Route "${route}" has an empty segment`
        : `Route "${route}" has a segment "${text}" that is neither plain text nor one parameter such as "{id}"`;
    }
  }
  return segments;
}

/** An entry of `queryParameters`: `page:$input.page`, or `$page` or `page` for a variable of the same name. */
export function readQueryParameter(text: string): { name: string; variable: string; path: string[] } | undefined {
  const match = /^(?:([A-Za-z_][\w-]*)(?::\$([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*))?|\$([A-Za-z_]\w*))$/.exec(text);
  if (!match) return undefined;
  const name = match[1] ?? match[4]!;
  return { name, variable: match[2] ?? name, path: readPath(match[3]) };
}

/** The template with the names of its parameters erased: two routes are one when these are equal. */
export const eraseNames = (segments: readonly Segment[]): string =>
  segments.map((segment) => (segment.kind === 'literal' ? `/${segment.text}` : '/{}')).join('');

/** The template as OpenAPI writes it. */
export const printTemplate = (segments: readonly Segment[]): string =>
  segments.map((segment) => (segment.kind === 'literal' ? `/${segment.text}` : `/{${segment.name}}`)).join('');

/** The path with values put in, in order of the parameters. */
export function fillTemplate(segments: readonly Segment[], values: readonly string[]): string {
  let next = 0;
  return segments
    .map((segment) => `/${segment.kind === 'literal' ? segment.text : encodeURIComponent(values[next++] ?? '')}`)
    .join('');
}

/** Does `longer` continue `shorter`, names of parameters aside? */
export const extendsTemplate = (longer: readonly Segment[], shorter: readonly Segment[]): boolean =>
  longer.length > shorter.length && eraseNames(longer.slice(0, shorter.length)) === eraseNames(shorter);
