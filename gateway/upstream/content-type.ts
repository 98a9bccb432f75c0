/** Which bodies are read, and as what (upstream.md, section 10; connectors.md, section 10). */

export interface ContentType {
  /** "application/json", in lower case; empty when the header is absent or makes no sense. */
  readonly essence: string;
  readonly charset: string | undefined;
}

/** Reads a Content-Type header; of its parameters only the charset matters here. */
export function readContentType(header: string | undefined): ContentType {
  const [essence = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return { essence, charset: charset?.replace(/^"(.*)"$/, '$1') };
}

const matches = (pattern: string, essence: string): boolean => {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${source}$`, 'i').test(essence);
};

/** "!" in front refuses, and refusing wins; a body without a type is tried as JSON. */
export function isAcceptedType(essence: string, patterns: readonly string[]): boolean {
  if (essence === '') return true;
  const refused = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  if (refused.some((pattern) => matches(pattern, essence))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern, essence));
}

/** How a body of this type is read; undefined: not at all. */
export function formOf(essence: string): 'json' | 'xml' | 'text' | undefined {
  if (essence === '' || /[/+]json$/.test(essence)) return 'json';
  if (/[/+]xml$/.test(essence)) return 'xml';
  return essence.startsWith('text/') ? 'text' : undefined;
}
