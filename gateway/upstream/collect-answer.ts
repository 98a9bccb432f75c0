/**
 * One answer of undici, collected into bytes. By `dispatch` and a handler, not by `request`: its body is a stream, which costs
 * as much as the exchange itself. Limits are counted here, because undici's fire late and never on a body that drips.
 */
import type { Dispatcher } from 'undici';
import { responseHeaders } from './headers.ts';
import type { Phase } from './classify.ts';
import type { RawAnswer } from './decode.ts';

export interface CollectOptions {
  readonly isHead: boolean;
  readonly maxBytes: number;
  readonly tooLarge: (status: number) => Error;
  /** Bytes have come. */
  readonly onHeard: () => void;
  readonly onEnd: (answer: RawAnswer) => void;
  /** Not called for what comes after the end. */
  readonly onError: (error: unknown, phase: Phase) => void;
}

export interface AnswerCollector {
  readonly handler: Dispatcher.DispatchHandler;
  /** Gives the exchange up: nothing is called any more, and a connection in use is ended. */
  abort(reason: Error): void;
}

const neverHasBody: ReadonlySet<number> = new Set([204, 205, 304]);

export function collectAnswer(options: CollectOptions): AnswerCollector {
  let controller: Dispatcher.DispatchController | undefined;
  let head: Omit<RawAnswer, 'bytes'> | undefined;
  let givenUp: Error | undefined;
  let isOver = false;
  const chunks: Buffer[] = [];
  let size = 0;

  const end = (bytes: Buffer) => {
    if (isOver) return;
    isOver = true;
    options.onEnd({ ...head!, bytes });
  };
  const fail = (error: unknown) => {
    if (isOver) return;
    isOver = true;
    options.onError(error, head === undefined ? 'head' : 'body');
  };
  const stop = (reason: Error) => {
    fail(reason);
    controller?.abort(reason);
  };

  return {
    abort(reason) {
      isOver = true;
      givenUp = reason;
      controller?.abort(reason);
    },
    handler: {
      onRequestStart(started) {
        controller = started;
        if (givenUp !== undefined) started.abort(givenUp);
      },
      onResponseStart(_controller, status, headers) {
        // 100 to 199 come before the answer.
        if (status < 200) return;
        options.onHeard();
        const announced = headers['content-length'];
        const endedByClose = announced === undefined && headers['transfer-encoding'] === undefined;
        head = { status, headers: responseHeaders(headers), endedByClose };
        if (neverHasBody.has(status)) {
          end(Buffer.alloc(0));
          // A body that is still to come would keep the connection; where there is none, the connection is in order.
          if (status === 205 && announced !== '0') controller?.abort(new Error('A body that must not be'));
        } else if (!options.isHead && Number(announced ?? 0) > options.maxBytes) {
          stop(options.tooLarge(status));
        }
      },
      onResponseData(_controller, chunk) {
        if (isOver) return;
        options.onHeard();
        size += chunk.length;
        if (size > options.maxBytes) stop(options.tooLarge(head!.status));
        else chunks.push(chunk);
      },
      onResponseEnd() {
        end(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
      },
      onResponseError(_controller, error) {
        fail(error);
      },
    },
  };
}
