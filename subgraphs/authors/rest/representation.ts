/**
 * One answer, written as JSON or as XML, whichever was negotiated. The elements of the XML are called as the members of
 * the JSON; a member that is null has no element, and an item of a list is an element of its own inside the list's.
 */
import { XMLBuilder } from 'fast-xml-parser';
import { entityTag } from '../../chassis/conditional.ts';
import type { OperationReply } from '../../chassis/create-service.ts';
import type { PagedList } from '../../chassis/page.ts';
import type { Author } from '../domain/author.ts';

type Headers = Readonly<Record<string, string>>;

const XML = 'application/xml';

export function replyAuthor(status: number, author: Author, mediaType: string, headers: Headers = {}): OperationReply {
  if (mediaType !== XML) return { status, headers: { ...headers, etag: entityTag(author.version) }, body: author };
  const xmlHeaders = { ...headers, etag: entityTag(author.version, 'xml') };
  return replyXml(status, xmlHeaders, { author: leaveOutNulls(author) });
}

export function replyList(list: PagedList<Author>, mediaType: string, headers: Headers): OperationReply {
  if (mediaType !== XML) return { status: 200, headers, body: list };
  const { items, page, total } = list;
  const authors = { items: { author: items.map(leaveOutNulls) }, page: leaveOutNulls(page), total };
  return replyXml(200, headers, { authors });
}

function replyXml(status: number, headers: Headers, document: object): OperationReply {
  const text = new XMLBuilder({ format: true, indentBy: '  ' }).build(document);
  return {
    status,
    headers: { ...headers, 'content-type': `${XML}; charset=utf-8` },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${text}`,
  };
}

const leaveOutNulls = (members: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
