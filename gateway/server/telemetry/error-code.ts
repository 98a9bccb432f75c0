/** The code of a GraphQL error for a span: our own, or one of a remote subgraph as long as it looks like a code. */
export function errorCodeOf(error: { readonly extensions?: Readonly<Record<string, unknown>> | undefined }): string {
  const code = error.extensions?.['code'];
  if (code === undefined) return 'none';
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : 'other';
}
