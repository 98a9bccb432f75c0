/** A link to something related, and its form as a header (RFC 8288). */

export interface Link {
  readonly rel: string;
  readonly href: string;
  readonly title?: string;
  readonly type?: string;
  /** The operation it leads to, where that is one. */
  readonly to?: string;
}

/** Links as a `Link` header. */
export const printLinks = (links: readonly Link[]): string =>
  links
    .map(({ rel, href, type }) => `<${href}>; rel="${rel}"${type === undefined ? '' : `; type="${type}"`}`)
    .join(', ');
