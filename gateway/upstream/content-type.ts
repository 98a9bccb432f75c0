/** Which bodies are read, and as what (upstream.md, section 10; connectors.md, section 10). */

export interface ContentType {
  /** "application/json", in lower case; empty when the header is absent or makes no sense. */
  readonly essence: string;
  readonly charset: string | undefined;
}

/** Reads a Content-Type header; of its parameters only the charset matters here. */
export function readContentType(header: string | undefined): ContentType {
  // As nearly every service says it.
  if (header === 'application/json') return { essence: header, charset: undefined };
  const [essence = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return { essence, charset: charset?.replace(/^"(.*)"$/, '$1') };
}

const toPattern = (pattern: string): RegExp => {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${source}$`, 'i');
};

/** Which types are read: "!" in front refuses, and refusing wins; a body without a type is tried as JSON. */
export function createTypeFilter(patterns: readonly string[]): (essence: string) => boolean {
  const refused = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => toPattern(pattern.slice(1)));
  const accepted = patterns.filter((pattern) => !pattern.startsWith('!')).map(toPattern);
  return (essence) =>
    essence === '' ||
    (!refused.some((pattern) => pattern.test(essence)) && accepted.some((pattern) => pattern.test(essence)));
}

/** How a body of this type is read; undefined: not at all. */
export function formOf(essence: string): 'json' | 'xml' | 'text' | undefined {
  if (essence === '' || /[/+]json$/.test(essence)) return 'json';
  if (/[/+]xml$/.test(essence)) return 'xml';
  return essence.startsWith('text/') ? 'text' : undefined;
}
