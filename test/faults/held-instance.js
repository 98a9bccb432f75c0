/** An instance behind a balancer: `node held-instance.js PORT [hold]`. Says each request on a line; with `hold` it answers none. */
import { createServer } from 'node:http';

const [, , port, mode] = process.argv;
const server = createServer((request, response) => {
  console.log(request.method);
  if (mode !== 'hold') response.setHeader('content-type', 'application/json').end('{"ok":true}');
});
server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
