/**
 * Sends each attempt to one instance of the service (upstream.md, section 8): picked anew for each, and another one than
 * before where there is one. Learns from how the attempt ended.
 */
import { createMember, nameOf, type Member } from '../balancing/member.ts';
import { pickOfTwo } from '../balancing/p2c.ts';
import type { Call, Policy } from '../call.ts';
import { callError, outcomeOfError, outcomeOfResponse } from '../classify.ts';
import type { Clock, RandomSource } from '../clock.ts';
import type { RawAnswer } from '../decode.ts';
import type { Instance } from '../discovery/discovery.ts';
import type { EmitUpstreamEvent, Outcome } from '../events.ts';
import type { UpstreamSettings } from '../settings.ts';
import { createActiveCheck, type ActiveCheck } from './active-check.ts';
import { Ejection } from './ejection.ts';

export interface BalancerOptions {
  readonly service: string;
  readonly settings: Pick<UpstreamSettings, 'balancing' | 'ejection' | 'breaker'>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly emit: EmitUpstreamEvent;
  /** An instance has left the set: nothing new goes to it. */
  readonly onGone: (instance: Instance) => void;
  /** One exchange with one instance, for active checks. */
  readonly exchange: (call: Call) => Promise<RawAnswer>;
}

export class Balancer {
  readonly #options: BalancerOptions;
  readonly #ejection: Ejection;
  readonly #check: ActiveCheck | undefined;
  #members: ReadonlyMap<string, Member> | undefined;
  /** Those that may get calls: all that are not draining. */
  #ready: readonly Member[] = [];
  #usable: readonly Member[] = [];
  /** When the next one is taken back. */
  #nextReturn = Number.POSITIVE_INFINITY;

  constructor(options: BalancerOptions) {
    this.#options = options;
    const { settings, clock, random } = options;
    this.#ejection = new Ejection({ settings: settings.ejection, clock, random });
    const { activeCheck } = settings.ejection;
    if (activeCheck === null) return;
    const onResult = (name: string, isAlive: boolean) => this.#learnFromCheck(name, isAlive);
    this.#check = createActiveCheck({ ...options, settings: activeCheck, onResult });
  }

  /** The new set, at once and in full; who was in the old one keeps what is known of it. */
  update(instances: readonly Instance[]): void {
    const { settings, clock, onGone } = this.#options;
    const before = this.#members;
    // With the first set nobody is new: there is nobody else to take the load.
    const rampFrom = before === undefined ? undefined : clock.now();
    const members = new Map<string, Member>();
    for (const instance of instances) {
      const name = nameOf(instance);
      const member = before?.get(name) ?? createMember(instance, settings.balancing.decayMs, rampFrom);
      member.instance = instance;
      members.set(name, member);
    }
    this.#members = members;
    this.#ready = [...members.values()].filter(({ instance }) => instance.state === 'ready');
    this.#refresh();
    this.#check?.update(this.#ready.map(({ instance }) => instance));
    for (const [name, { instance }] of before ?? []) if (!members.has(name)) onGone(instance);
  }

  readonly policy: Policy = async (call, next) => {
    const { clock, settings } = this.#options;
    const member = this.#pick(call.progress.tried);
    if (member === undefined) throw callError(call, 'UPSTREAM_UNREACHABLE', { reason: 'no-instance' });
    this.#check?.noteScheme(call.request.url);
    call.progress.tried = [...call.progress.tried, member];
    const startedAt = clock.now();
    member.inFlight++;
    try {
      const response = await next({ ...call, instance: member.instance });
      this.#learn(member, outcomeOfResponse(response, settings.breaker.failureStatuses), startedAt);
      return response;
    } catch (error) {
      const { tried } = call.progress;
      call.progress.hasUntried = this.#usable.some((other) => !tried.includes(other));
      this.#learn(member, outcomeOfError(error), startedAt);
      throw error;
    } finally {
      member.inFlight--;
    }
  };

  #pick(tried: readonly object[]): Member | undefined {
    const { clock, random, settings } = this.#options;
    const now = clock.now();
    if (now >= this.#nextReturn) this.#refresh();
    const untried = tried.length === 0 ? this.#usable : this.#usable.filter((member) => !tried.includes(member));
    const candidates = untried.length > 0 ? untried : this.#usable;
    return pickOfTwo(candidates, { now, random, ramp: settings.balancing.ramp });
  }

  /** A failure that came fast must not look like speed, so only successes feed the average. */
  #learn(member: Member, outcome: Outcome, startedAt: number): void {
    const now = this.#options.clock.now();
    if (outcome === 'success') member.latency.add(now, now - startedAt);
    const waitMs = this.#ejection.count(member, outcome, this.#ready);
    if (waitMs !== undefined) this.#noteEjection(member, member.failuresInRow, waitMs);
  }

  #learnFromCheck(name: string, isAlive: boolean): void {
    const { everyMs = 0, timeoutMs = 0 } = this.#options.settings.ejection.activeCheck ?? {};
    const member = this.#members?.get(name);
    if (member === undefined) return;
    // Until the next check has ended.
    const waitMs = this.#ejection.countCheck(member, isAlive, this.#ready, everyMs + timeoutMs);
    if (waitMs === undefined) this.#refresh();
    else this.#noteEjection(member, member.failedChecks, waitMs);
  }

  #noteEjection(member: Member, failures: number, waitMs: number): void {
    const { service, emit } = this.#options;
    const { instance, ejections: times } = member;
    emit({ kind: 'instance-ejected', service, instance: nameOf(instance), failures, times, waitMs });
    this.#refresh();
  }

  /** Ends the active checks. */
  close(): void {
    this.#check?.close();
  }

  #refresh(): void {
    const { clock, service, emit } = this.#options;
    for (const { instance } of this.#ejection.takeBack(this.#ready, clock.now())) {
      emit({ kind: 'instance-returned', service, instance: nameOf(instance) });
    }
    this.#usable = this.#ejection.usable(this.#ready);
    this.#nextReturn = this.#ready.reduce(
      (soonest, { outUntil }) => Math.min(soonest, outUntil ?? Number.POSITIVE_INFINITY),
      Number.POSITIVE_INFINITY,
    );
  }

  /** For the operator. */
  describe(): readonly InstanceStatus[] {
    const now = this.#options.clock.now();
    return [...(this.#members?.values() ?? [])].map(({ instance, inFlight, latency, outUntil }) => ({
      instance: nameOf(instance),
      state: outUntil === undefined ? instance.state : 'ejected',
      inFlight,
      latencyMs: latency.read(now) ?? null,
    }));
  }
}

export interface InstanceStatus {
  readonly instance: string;
  readonly state: Instance['state'] | 'ejected';
  readonly inFlight: number;
  /** Null while nothing is known. */
  readonly latencyMs: number | null;
}
