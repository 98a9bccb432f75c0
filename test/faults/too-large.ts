/** Answers that are larger than any limit, by name: see F13. */
import { gzipSync } from 'node:zlib';
import { httpAnswer, type Answer } from '../upstream/raw-server.ts';

const space = Buffer.alloc(0x4000, 0x20);
const bomb = httpAnswer(gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20)), {
  headers: ['content-type: application/json', 'content-encoding: gzip'],
});

/** Writes the same chunk again and again, as fast as it is read. */
const repeat =
  (head: string, chunk: Buffer, times: number): Answer =>
  ({ socket }) => {
    socket.write(head);
    let left = times;
    const more = () => {
      if (socket.destroyed || left-- === 0) return;
      socket.write(chunk, () => setImmediate(more));
    };
    more();
  };

export const tooLarge: Readonly<Record<string, Answer>> = {
  bomb: ({ socket }) => socket.write(bomb),
  plain: repeat('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n', space, 1280),
  headers: ({ socket }) => socket.write(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(70_000)}\r\ncontent-length: 2\r\n\r\n{}`),
  endless: repeat(
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
    Buffer.concat([Buffer.from('4000\r\n'), space, Buffer.from('\r\n')]),
    Number.POSITIVE_INFINITY,
  ),
};
