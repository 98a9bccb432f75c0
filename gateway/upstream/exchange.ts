/**
 * One HTTP exchange with one instance: a request sent, an answer collected into bytes. By undici's `dispatch` and a handler, not
 * by `request`: its body is a stream, which costs as much as the exchange itself. Limits are counted here, because undici's fire
 * late and never on a body that drips (upstream.md, section 15). Redirects are not followed, 103 is skipped.
 */
import type { Dispatcher } from 'undici';
import type { AbortListener } from './call-limit.ts';
import type { Call } from './call.ts';
import { callError, classifyTransportError, neverSentReason } from './classify.ts';
import type { Clock } from './clock.ts';
import type { RawAnswer } from './decode.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import type { UpstreamSettings } from './settings.ts';
import { SilenceLimit } from './silence-limit.ts';

interface ExchangeOptions {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  readonly call: Call;
  readonly settings: UpstreamSettings;
  readonly clock: Clock;
}

/** Resolves with a complete answer, whatever its status; rejects with UpstreamError. */
export function exchange(options: ExchangeOptions): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { limit } = options.call;
    if (limit.aborted) reject(limit.reason as Error);
    else new Exchange(options, resolve, reject).start();
  });
}

const neverHasBody: ReadonlySet<number> = new Set([204, 205, 304]);

class Exchange implements Dispatcher.DispatchHandler, AbortListener {
  readonly #options: ExchangeOptions;
  readonly #resolve: (answer: RawAnswer) => void;
  readonly #reject: (error: Error) => void;
  readonly #silence: SilenceLimit;
  /** Of an attempt before this one, for the same call. */
  readonly #wasDispatched: boolean;
  #controller: Dispatcher.DispatchController | undefined;
  #head: Omit<RawAnswer, 'bytes'> | undefined;
  #givenUp: Error | undefined;
  #isOver = false;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(options: ExchangeOptions, resolve: (answer: RawAnswer) => void, reject: (error: Error) => void) {
    const { call, settings, clock } = options;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#wasDispatched = call.progress.dispatched;
    this.#silence = new SilenceLimit(clock, settings.deadline, (reason) =>
      this.#giveUp(callError(call, 'UPSTREAM_TIMEOUT', { reason })),
    );
  }

  start(): void {
    const { dispatcher, origin, path, call, settings, clock } = this.#options;
    const { method, body = null, onSend } = call.request;
    call.limit.addListener(this);
    call.progress.dispatched = true;
    const headers = requestHeaders(call, settings, clock.now());
    onSend?.(headers);
    try {
      dispatcher.dispatch({ origin, path, method: method as Dispatcher.HttpMethod, headers, body }, this);
    } catch (error) {
      this.#fail(error);
    }
  }

  onAbort(): void {
    this.#giveUp(this.#options.call.limit.reason as Error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#givenUp !== undefined) controller.abort(this.#givenUp);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    // 100 to 199 come before the answer.
    if (status < 200) return;
    this.#silence.heard();
    const announced = headers['content-length'];
    const endedByClose = announced === undefined && headers['transfer-encoding'] === undefined;
    this.#head = { status, headers: responseHeaders(headers), endedByClose };
    if (neverHasBody.has(status)) {
      this.#end(Buffer.alloc(0));
      // A body that is still to come would keep the connection; where there is none, the connection is in order.
      if (status === 205 && announced !== '0') this.#controller?.abort(new Error('A body that must not be'));
    } else if (
      this.#options.call.request.method !== 'HEAD' &&
      Number(announced ?? 0) > this.#options.settings.limits.bodyBytes
    ) {
      this.#refuseSize(status);
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#silence.heard();
    this.#size += chunk.length;
    if (this.#size > this.#options.settings.limits.bodyBytes) this.#refuseSize(this.#head!.status);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#end(this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#size));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  /** What comes after the end is not heard. */
  #leave(): void {
    this.#isOver = true;
    this.#silence.stop();
    this.#options.call.limit.removeListener(this);
  }

  #end(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#leave();
    const { status, headers, endedByClose } = this.#head!;
    this.#resolve({ status, headers, bytes, endedByClose });
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#leave();
    const { call } = this.#options;
    const phase = this.#head === undefined ? 'head' : 'body';
    if (phase === 'head' && neverSentReason(error) !== undefined) call.progress.dispatched = this.#wasDispatched;
    this.#reject(classifyTransportError(call, error, phase));
  }

  /** A connection in use is ended. */
  #giveUp(reason: Error): void {
    if (this.#isOver) return;
    this.#leave();
    this.#reject(reason);
    this.#givenUp = reason;
    this.#controller?.abort(reason);
  }

  #refuseSize(status: number): void {
    const { call, settings } = this.#options;
    const reason = `limits.body, ${settings.limits.bodyBytes} bytes`;
    this.#giveUp(callError(call, 'UPSTREAM_TOO_LARGE', { status, reason }));
  }
}
