/**
 * Asks instances by themselves whether they live (upstream.md, section 8; off by default), so that one that is dead is found
 * without costing a client anything, and one that is back is used again before its time is over. What a check says goes to the
 * same ejection as the outcome of calls, so its limits hold: never too many out, and all of them used when most seem broken.
 */
import { nameOf } from '../balancing/member.ts';
import { CallController } from '../call-limit.ts';
import { startCall, type Call } from '../call.ts';
import { callError } from '../classify.ts';
import type { Clock, RandomSource } from '../clock.ts';
import type { RawAnswer } from '../decode.ts';
import type { Instance } from '../discovery/discovery.ts';
import type { UpstreamSettings } from '../settings.ts';

export interface ActiveCheckOptions {
  readonly service: string;
  readonly settings: NonNullable<UpstreamSettings['ejection']['activeCheck']>;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** One HTTP exchange with the instance of the call. */
  readonly exchange: (call: Call) => Promise<RawAnswer>;
  readonly onResult: (name: string, isAlive: boolean) => void;
}

export interface ActiveCheck {
  /** Checks these from now on, and nobody else. */
  update(instances: readonly Instance[]): void;
  /** The scheme by which the service is called, for sources of addresses that do not tell it. */
  noteScheme(url: string): void;
  close(): void;
}

interface Checked {
  readonly stop: () => void;
}

/** Checks of one service; nothing starts before `update`. */
export function createActiveCheck(options: ActiveCheckOptions): ActiveCheck {
  const { settings, clock, random, onResult } = options;
  const checked = new Map<string, Checked>();
  let scheme: string | undefined;
  let checks = 0;

  const watch = (name: string, instance: Instance): Checked => {
    const controller = new AbortController();
    const checkSoon = (delayMs: number) => clock.schedule(() => void check(), delayMs, { isIdle: true });
    // Spread over the interval, so that neither instances nor gateways are asked all at once.
    let stopTimer = checkSoon(random() * settings.everyMs);
    const check = async () => {
      const used = instance.scheme ?? scheme;
      // Before the first call nobody knows the scheme, and a wrong one would look like death.
      if (used !== undefined) {
        const call = buildCall(options, instance, used, `check-${++checks}`);
        const isAlive = await isAnswered(options, call, controller.signal);
        if (controller.signal.aborted) return;
        onResult(name, isAlive);
      }
      if (!controller.signal.aborted) stopTimer = checkSoon(settings.everyMs);
    };
    return {
      stop() {
        stopTimer();
        controller.abort();
      },
    };
  };
  const forget = (isGone: (name: string) => boolean) => {
    for (const [name, { stop }] of checked) {
      if (!isGone(name)) continue;
      checked.delete(name);
      stop();
    }
  };

  return {
    update(instances) {
      const byName = new Map(instances.map((instance) => [nameOf(instance), instance]));
      forget((name) => !byName.has(name));
      for (const [name, instance] of byName) {
        if (!checked.has(name)) checked.set(name, watch(name, instance));
      }
    },
    noteScheme(url) {
      scheme ??= url.startsWith('https:') ? 'https' : 'http';
    },
    close: () => forget(() => true),
  };
}

type Asked = { readonly call: Call; readonly end: () => void };

function buildCall(
  { service, settings, clock }: ActiveCheckOptions,
  instance: Instance,
  scheme: string,
  id: string,
): Asked {
  const limit = new CallController(clock.now() + settings.timeoutMs);
  const { signal } = new AbortController();
  const call = startCall({
    request: {
      service,
      method: 'GET',
      url: `${scheme}://${nameOf(instance)}${settings.path}`,
      headers: {},
      context: { signal, deadlineAt: limit.endsAt, identity: '', requestId: id },
    },
    id: 0,
    startedAt: clock.now(),
    limit,
    instance,
  });
  return {
    call,
    end: () => limit.abort(callError(call, 'UPSTREAM_TIMEOUT', { reason: 'ejection.activeCheck.timeout' })),
  };
}

/** Any complete answer of 2xx within the time. */
async function isAnswered(
  { settings, clock, exchange }: ActiveCheckOptions,
  { call, end }: Asked,
  closing: AbortSignal,
): Promise<boolean> {
  const stopTimer = clock.schedule(end, settings.timeoutMs, { isIdle: true });
  closing.addEventListener('abort', end, { once: true });
  try {
    const { status } = await exchange(call);
    return status >= 200 && status < 300;
  } catch {
    return false;
  } finally {
    stopTimer();
    closing.removeEventListener('abort', end);
  }
}
