/** Problem documents (RFC 9457) of the admin port: they mean no more than their status, so their type is about:blank. */
import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';

export const sendProblem = (reply: FastifyReply, status: number, detail?: string): FastifyReply =>
  reply
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail }));
