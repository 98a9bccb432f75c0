// A service of somebody else, for docs/how-to/before-your-own-service.md: nothing in it is as the bookshop does it. Names in
// snake_case, every answer in an envelope { data, meta }, pages by token with "" at the end, ids that are numbers, errors of
// its own shape. Starts with `node test/foreign-service/service.mjs`, on port 4100 or PORT.
import { createServer } from 'node:http';

const people = [
  ['Ada Lovelace', 'analytics', '1842-10-05'],
  ['Grace Hopper', 'compilers', '1944-07-02'],
  ['Annie Easley', 'rockets', '1955-08-15'],
  ['Radia Perlman', null, '1980-01-07'],
  ['Barbara Liskov', 'languages', '1972-09-01'],
].map(([full_name, team_code, joined_on], index) => ({
  person_id: index + 1,
  full_name,
  joined_on,
  team: team_code === null ? null : { team_code },
}));

const noSuchPerson = { error: { error_code: 'PERSON_NOT_FOUND', error_text: 'Nobody has this number' } };

/** Tokens are opaque: where the next page begins, in base 64. */
const readToken = (token) => (token ? Number(Buffer.from(token, 'base64url').toString()) : 0);

function listPeople(query) {
  const size = Number(query.get('page_size') ?? 50);
  const start = readToken(query.get('page_token'));
  if (!Number.isInteger(size) || size < 1 || !Number.isInteger(start)) {
    return [400, { error: { error_code: 'BAD_PAGE', error_text: 'No such page' } }];
  }
  const end = start + size;
  const next_page_token = end < people.length ? Buffer.from(String(end)).toString('base64url') : '';
  return [200, { data: people.slice(start, end), meta: { next_page_token, total_count: people.length } }];
}

function getPerson(text) {
  const data = people.find(({ person_id }) => person_id === Number(text));
  return data ? [200, { data, meta: {} }] : [404, noSuchPerson];
}

/** Takes numbers only: "1" finds nobody. */
function lookUp(body) {
  const { person_ids } = JSON.parse(body);
  const data = person_ids.flatMap((id) => people.find(({ person_id }) => person_id === id) ?? []);
  return [200, { data, meta: {} }];
}

function answer(method, { pathname, searchParams }, body) {
  if (method === 'GET' && pathname === '/api/people') return listPeople(searchParams);
  if (method === 'POST' && pathname === '/api/people:lookup') return lookUp(body);
  const id = /^\/api\/people\/([^/]+)$/.exec(pathname)?.[1];
  return method === 'GET' && id
    ? getPerson(id)
    : [404, { error: { error_code: 'NO_SUCH_PAGE', error_text: pathname } }];
}

const port = Number(process.env.PORT ?? 4100);
createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const url = new URL(request.url, 'http://localhost');
    const [status, body] = answer(request.method, url, Buffer.concat(chunks).toString());
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`));
