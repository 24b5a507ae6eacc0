/** The port to a broker: the embedded one, or one that is reached over the network. Both hand messages to the pipeline. */
import type { Log } from '../domain/log.ts';
import type { Timers } from '../domain/timers.ts';
import type { Counters } from './counters.ts';
import type { Outgoing } from './dialects/dialect.ts';
import type { IngestPipeline } from './ingest-pipeline.ts';

export interface PublishOptions {
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

export interface BrokerConnection {
  /** Where devices reach the broker, as a URL without credentials. */
  readonly address: string;
  readonly isConnected: boolean;
  /** Another server takes telemetry in, and this one would if that one went. */
  readonly isStandingBy: boolean;
  /** Answers when the broker has the message. @throws Error when it cannot be reached now */
  publish(topic: string, payload: string | Uint8Array, options: PublishOptions): Promise<void>;
  /** Takes no more messages; what was taken can still be settled. */
  stopIntake(): Promise<void>;
  /** After `stopIntake`. */
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly pipeline: IngestPipeline;
  readonly counters: Counters;
  readonly timers: Timers;
  readonly log: Log;
  /** Called whenever publishing is possible again. */
  readonly onConnected: () => void;
  /** Called whenever it is not any more. */
  readonly onDisconnected: () => void;
  /** What the broker keeps of ours is looked at once, before it is relied on: our last words may never have come. */
  readonly kept: {
    readonly filters: readonly string[];
    readonly onMessage: (topic: string, payload: Uint8Array) => void;
  };
  /** Asked for before each connection that publishes: what the broker is to say when it is lost. */
  readonly will: () => Outgoing | undefined;
}
