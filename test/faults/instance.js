/** One instance of a service as a process of its own, so that it can be killed and stopped: `node instance.js PORT`. */
import { createServer } from 'node:http';

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json').end('{"ok":true}');
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log(server.address().port));
