/** Readings of twins that do not exist, by the policy of their dialect: kept in quarantine, refused, or the twin is made. */
import type { Quarantine } from '../application/quarantine.ts';
import type { TwinInput } from '../application/inputs.ts';
import { LinchpinError } from '../domain/errors.ts';
import type { Entry } from './batch.ts';
import type { Counters } from './counters.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { LoggedCauses } from './logged-causes.ts';
import type { UnknownTwinPolicy } from './telemetry-config.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface UnknownTwinsOptions {
  readonly application: {
    upsertTwins(twins: readonly TwinInput[], caller: { actor: string | null }): Promise<unknown>;
  };
  readonly quarantine: Quarantine;
  /** Name of the dialect that reads a topic, and its policy. */
  readonly policyOf: (topic: string) => { readonly dialect: string; readonly unknownTwins: UnknownTwinPolicy };
  readonly counters: Counters;
  readonly deadLetters: DeadLetters;
  readonly causes: LoggedCauses;
}

export class UnknownTwins {
  readonly #options: UnknownTwinsOptions;
  #second = 0;
  #newInSecond = 0;

  constructor(options: UnknownTwinsOptions) {
    this.#options = options;
  }

  /**
   * Answers the entries whose twins have been made: they are to be tried once more.
   * @throws LinchpinError retriable ones only; nothing was done then
   */
  async take(entries: readonly Entry[], mayMake = true): Promise<readonly Entry[]> {
    const made = mayMake ? await this.#make(entries) : new Set<string>();
    const again: Entry[] = [];
    for (const entry of entries) {
      if (made.has(entry.reading.twin)) again.push(entry);
      else this.#setAside(entry);
    }
    return again;
  }

  async #make(entries: readonly Entry[]): Promise<Set<string>> {
    const { application, policyOf, counters, causes } = this.#options;
    const inputById = new Map<string, TwinInput>();
    for (const { reading, message } of entries) {
      const { unknownTwins: policy } = policyOf(message.topic);
      if (policy.kind !== 'provision' || inputById.has(reading.twin) || !this.#isWithinRate(reading.receivedAt))
        continue;
      inputById.set(reading.twin, {
        id: reading.twin,
        kind: policy.twinKind,
        ...(policy.model !== null && { model: policy.model }),
      });
    }
    if (inputById.size === 0) return new Set();
    try {
      await application.upsertTwins([...inputById.values()], { actor: 'telemetry' });
    } catch (error) {
      if (error instanceof LinchpinError && error.retriable) throw error;
      causes.warnOnce(`provision ${String(error)}`, { error }, 'unknown twins could not be made; they are quarantined');
      return new Set();
    }
    counters.provisioned += inputById.size;
    return new Set(inputById.keys());
  }

  #setAside({ reading, message }: Entry): void {
    const { quarantine, policyOf, counters, deadLetters, causes } = this.#options;
    const { twin } = reading;
    const { dialect, unknownTwins: policy } = policyOf(message.topic);
    counters.unknownTwin += 1;
    if (policy.kind === 'refuse') {
      deadLetters.add(message, 'the twin is not known', reading.property);
      return;
    }
    if (!quarantine.has(twin) && !this.#isWithinRate(reading.receivedAt)) {
      counters.unremembered += 1;
      return;
    }
    if (quarantine.add(reading, { ...message, dialect })) {
      const fields = { twin, topic: message.topic, dialect };
      causes.warnOnce(`unknown ${twin}`, fields, 'telemetry of an unknown twin is quarantined');
    }
  }

  #isWithinRate(now: number): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) this.#newInSecond = 0;
    this.#second = second;
    this.#newInSecond += 1;
    return this.#newInSecond <= TELEMETRY_LIMITS.newTwinsPerSecond;
  }
}
