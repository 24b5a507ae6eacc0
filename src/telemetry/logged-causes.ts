/** A fault that comes with every message must not fill the log: each cause is logged once. */
import type { Log } from '../domain/log.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export class LoggedCauses {
  readonly #log: Log;
  readonly #causes = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  warnOnce(cause: string, fields: object, message: string): void {
    if (this.#causes.has(cause) || this.#causes.size > TELEMETRY_LIMITS.loggedCauses) return;
    this.#causes.add(cause);
    if (this.#causes.size <= TELEMETRY_LIMITS.loggedCauses) this.#log.warn(fields, message);
    else
      this.#log.warn({ causes: this.#causes.size }, 'too many different causes to log; further ones are only counted');
  }
}
