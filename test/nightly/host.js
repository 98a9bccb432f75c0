/** A service on port 4999 of its network, and a program beside it, with which it ends: `node host.js COMMAND ...`. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const body = (length) => JSON.stringify('a'.repeat(length));
const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json').end(body(request.url === '/large' ? 1e6 : 100));
});
server.listen(4999, '127.0.0.1', () => {
  const [command, ...args] = process.argv.slice(2);
  spawn(command, args, { stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1));
});
