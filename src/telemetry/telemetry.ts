/** Telemetry: from a broker into the graph, and desired values back out. Wires the parts of this folder. */
import type { Application } from '../application/application.ts';
import type { Log } from '../domain/log.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import type { BrokerConnection, ConnectionOptions } from './broker-connection.ts';
import { type Counters, createCounters } from './counters.ts';
import { DeadLetters } from './dead-letters.ts';
import { DesiredOut } from './desired-out.ts';
import { createNativeDialect } from './dialects/native.ts';
import { openEmbeddedBroker } from './embedded-broker.ts';
import { IngestPipeline } from './ingest-pipeline.ts';
import { LoggedCauses } from './logged-causes.ts';
import { Quarantine, type QuarantinedTwin } from './quarantine.ts';
import { openRemoteBroker } from './remote-broker.ts';

export interface TelemetrySettings {
  /** A broker that is reached over the network; absent: the embedded one. */
  readonly mqttUrl?: string;
  /** Where the embedded broker listens; port 0: any free one. */
  readonly host: string;
  readonly mqttPort: number;
  readonly topicRoot: string;
  /** Name of our session at the broker; default `linchpin-{topicRoot}`. No two servers may share it at a time. */
  readonly clientId?: string;
}

export interface TelemetryOptions {
  readonly application: Pick<Application, 'ingest' | 'reportConnectivity' | 'properties' | 'onDesired'>;
  readonly settings: TelemetrySettings;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

export interface Telemetry {
  /** Where devices reach the broker. */
  readonly addresses: readonly string[];
  readonly isConnected: boolean;
  readonly counters: Readonly<Counters>;
  /** Twins that messages name and nobody knows, most recently seen first. */
  quarantine(): readonly QuarantinedTwin[];
  /** A QoS 1 message, as if from a device; answers when the broker has it. @throws Error when it cannot be reached */
  publish(topic: string, payload: string | Uint8Array): Promise<void>;
  /** Commits and acknowledges what is here, then closes the connections. */
  stop(): Promise<void>;
}

/**
 * Answers when the embedded broker listens, or when the first attempt to reach the other one has ended, either way.
 * @throws LinchpinError BAD_CONFIG when the embedded broker cannot have its port, or the URL is not one
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { application, settings, clock, timers, log } = options;
  const counters = createCounters();
  const causes = new LoggedCauses(log);
  const quarantine = new Quarantine();
  const dialect = createNativeDialect(settings.topicRoot);
  let broker: BrokerConnection | undefined;
  const publish: BrokerConnection['publish'] = async (topic, payload, how) => {
    if (broker === undefined) throw new Error('the broker is not there yet');
    await broker.publish(topic, payload, how);
  };

  const deadLetterTopic = `${settings.topicRoot}/$dead`;
  const deadLetters = new DeadLetters({
    publish: (payload) => publish(deadLetterTopic, payload, { qos: 0, retain: false }),
    clock,
    counters,
    causes,
  });
  const pipeline = new IngestPipeline({
    application,
    dialect,
    clock,
    timers,
    log,
    counters,
    causes,
    deadLetters,
    quarantine,
  });
  const desiredOut = new DesiredOut({
    application,
    dialect,
    timers,
    log,
    publish: (topic, payload) => publish(topic, payload, { qos: 1, retain: true }),
  });
  const stopListening = application.onDesired(({ twin }) => desiredOut.changed(twin));

  const connection: ConnectionOptions = { pipeline, counters, timers, log, onConnected: () => desiredOut.tell() };
  try {
    broker = await openBroker(settings, connection, dialect.filters);
  } catch (error) {
    stopListening();
    throw error;
  }
  const opened = broker;
  return {
    addresses: [opened.address],
    get isConnected() {
      return opened.isConnected;
    },
    counters,
    quarantine: () => quarantine.list(),
    publish: (topic, payload) => opened.publish(topic, payload, { qos: 1, retain: false }),
    async stop() {
      stopListening();
      desiredOut.stop();
      await opened.stopIntake();
      await pipeline.stop();
      await opened.close();
    },
  };
}

function openBroker(
  settings: TelemetrySettings,
  connection: ConnectionOptions,
  filters: readonly string[],
): Promise<BrokerConnection> {
  const { mqttUrl: url, host, mqttPort: port, topicRoot } = settings;
  if (url === undefined) return openEmbeddedBroker({ ...connection, host, port });
  return openRemoteBroker({ ...connection, url, filters, clientId: settings.clientId ?? `linchpin-${topicRoot}` });
}
