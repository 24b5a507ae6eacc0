/**
 * Who may what at the embedded broker. A client shows its API key or token as its password; the user name is not looked
 * at. To publish takes the role operator. A client with a scope tells of twins in it alone, and hears their desired
 * values alone. Its connection ends when its credentials do.
 */
import type { AuthenticateError, Client } from 'aedes';
import { LinchpinError } from '../domain/errors.ts';
import { type Authenticator, isAtLeast, type Principal, type Scope } from '../domain/principal.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface BrokerAccessOptions {
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Answers which twins are seen in a scope, at any time. */
  sightOf(scope: Scope): (twin: string) => boolean;
  /** The twin whose desired values a topic tells; null: it is another topic. */
  twinOfDesired(topic: string): string | null;
}

/** CONNACK return codes (MQTT 3.1.1, 3.2.2.3). */
const UNAVAILABLE = 3;
const BAD_CREDENTIALS = 4;
const NOT_AUTHORIZED = 5;

interface Admitted {
  readonly principal: Principal;
  /** undefined: all twins. */
  readonly sees: ((twin: string) => boolean) | undefined;
}

export class BrokerAccess {
  readonly #options: BrokerAccessOptions;
  readonly #admitted = new WeakMap<Client, Admitted>();

  constructor(options: BrokerAccessOptions) {
    this.#options = options;
  }

  /** Why it is not let in, as aedes wants it; null: it is. */
  async admit(client: Client, password: Buffer | undefined): Promise<AuthenticateError | null> {
    const credentials = password?.toString('utf8') ?? '';
    try {
      const principal = await this.#options.authenticator.authenticate(credentials);
      const { scope } = principal;
      this.#admitted.set(client, { principal, sees: scope === null ? undefined : this.#options.sightOf(scope) });
      this.#watch(client, principal, credentials);
      return null;
    } catch (error) {
      return refusalOf(error);
    }
  }

  /** Why it may not; null: it may. */
  whyNotPublish(client: Client | null, isTelemetry: boolean): string | null {
    const admitted = client && this.#admitted.get(client);
    if (!admitted) return 'it has not shown who it is';
    if (!isAtLeast(admitted.principal.role, 'operator')) return 'publishing takes the role operator';
    return isTelemetry || !admitted.sees ? null : 'a client with a scope publishes telemetry alone';
  }

  /** undefined: of all twins. */
  mayTell(client: Client): ((twin: string) => boolean) | undefined {
    return this.#admitted.get(client)?.sees;
  }

  /** Also asked for each message: what is seen changes. */
  mayHear(client: Client, topic: string): boolean {
    const admitted = this.#admitted.get(client);
    if (!admitted?.sees) return admitted !== undefined;
    const twin = /[+#]/.test(topic) ? null : this.#options.twinOfDesired(topic);
    return twin !== null && admitted.sees(twin);
  }

  #watch(client: Client, principal: Principal, credentials: string): void {
    const { authenticator, clock, timers } = this.#options;
    const left = principal.expiresAt === null ? Number.POSITIVE_INFINITY : principal.expiresAt - clock();
    const look = async (): Promise<void> => {
      if (client.closed) return;
      try {
        const now = await authenticator.authenticate(credentials);
        if (JSON.stringify(now) === JSON.stringify(principal)) return this.#watch(client, principal, credentials);
      } catch (error) {
        // As long as nobody can say, what was said holds, to its end.
        const isKept = error instanceof LinchpinError && error.retriable && left > TELEMETRY_LIMITS.credentialsAgeMs;
        if (isKept) return this.#watch(client, principal, credentials);
      }
      client.close();
    };
    const cancel = timers.after(Math.min(left, TELEMETRY_LIMITS.credentialsAgeMs), () => void look());
    client.conn.once('close', cancel);
  }
}

function refusalOf(error: unknown): AuthenticateError {
  const code = error instanceof LinchpinError ? error.code : 'INTERNAL';
  const returnCode = code === 'UNAUTHENTICATED' ? BAD_CREDENTIALS : code === 'FORBIDDEN' ? NOT_AUTHORIZED : UNAVAILABLE;
  const refusal: object = Object.assign(new Error((error as Error).message), { returnCode });
  return refusal as AuthenticateError;
}
