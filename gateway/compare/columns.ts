/** How a client may talk to the same data (facade.md 8.2). */
export const columns = ['L0', 'L1', 'L2', 'L3', 'POST', 'GET'] as const;
export type Column = (typeof columns)[number];

export const columnTitles: Readonly<Record<Column, string>> = {
  L0: 'level 0: one endpoint',
  L1: 'level 1: resources',
  L2: 'level 2: verbs and statuses',
  L3: 'level 3: hypermedia',
  POST: 'GraphQL, POST',
  GET: 'GraphQL, GET with stored queries',
};
