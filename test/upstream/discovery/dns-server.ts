/** A DNS server on loopback over UDP: answers by a table that a test may change at any time, with the codes it asks for. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

export interface DnsRecord {
  readonly ttl: number;
  /** Of an A record. */
  readonly a?: string;
  readonly srv?: { readonly priority: number; readonly weight: number; readonly port: number; readonly target: string };
}

/** Records of a name, or how the question ends; a silent server never answers. */
export type DnsAnswer = readonly DnsRecord[] | 'NXDOMAIN' | 'SERVFAIL' | 'silent';

const codes = { SERVFAIL: 2, NXDOMAIN: 3 };
const types = { a: 1, srv: 33 };

export async function startDnsServer(table: Record<string, DnsAnswer>) {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (message, { address, port }) => {
    const { name, type, end } = readQuestion(message);
    questions.push(name);
    for (const notify of waiting) notify();
    const answer = table[name] ?? 'NXDOMAIN';
    if (answer === 'silent') return;
    const records = typeof answer === 'string' ? [] : answer.filter((record) => types[kindOf(record)] === type);
    const header = Buffer.alloc(12);
    message.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | (typeof answer === 'string' ? codes[answer] : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    socket.send(Buffer.concat([header, message.subarray(12, end), ...records.map(writeRecord)]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => socket.close(resolve)));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    table,
    questions,
    /** Resolves when the name was asked for once more. */
    async asked(name: string): Promise<void> {
      const before = questions.filter((question) => question === name).length;
      while (questions.filter((question) => question === name).length === before) {
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    },
  };
}

const kindOf = ({ srv }: DnsRecord): 'a' | 'srv' => (srv === undefined ? 'a' : 'srv');

function readQuestion(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function writeRecord(record: DnsRecord): Buffer {
  const data = record.srv === undefined ? Buffer.from(record.a!.split('.').map(Number)) : writeService(record.srv);
  const head = Buffer.alloc(12);
  // The name of the question, by its place in the message.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(types[kindOf(record)], 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(record.ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function writeService({ priority, weight, port, target }: NonNullable<DnsRecord['srv']>): Buffer {
  const numbers = Buffer.alloc(6);
  for (const [index, number] of [priority, weight, port].entries()) numbers.writeUInt16BE(number, index * 2);
  const labels = target.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  return Buffer.concat([numbers, ...labels, Buffer.from([0])]);
}
