/** Telemetry: from a broker into the graph, and desired values back out. Wires the parts of this folder. */
import type { Application } from '../application/application.ts';
import { describeValue, LinchpinError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { Receipt } from '../domain/telemetry.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import { BrokerAccess, type BrokerAccessOptions } from './broker-access.ts';
import type { BrokerConnection, ConnectionOptions } from './broker-connection.ts';
import { type Counters, createCounters } from './counters.ts';
import { DeadLetters } from './dead-letters.ts';
import { DesiredOut } from './desired-out.ts';
import { DialectRouter } from './dialect-router.ts';
import type { Outgoing } from './dialects/dialect.ts';
import { createNativeDialect } from './dialects/native.ts';
import { openEmbeddedBroker } from './embedded-broker.ts';
import { receiveOverHttp } from './http-intake.ts';
import { IngestPipeline } from './ingest-pipeline.ts';
import { parseKafkaUrl } from './kafka/kafka-address.ts';
import { KafkaLink } from './kafka/kafka-link.ts';
import { parseKafkaRoutes } from './kafka/kafka-routes.ts';
import { LoggedCauses } from './logged-causes.ts';
import { openRemoteBroker } from './remote-broker.ts';
import { SourceNotes } from './source-notes.ts';
import { DEFAULT_TELEMETRY_CONFIG, parseTelemetryConfig } from './telemetry-config.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';
import { commonFilter } from './topic-filter.ts';
import { UnknownTwins } from './unknown-twins.ts';

export interface TelemetrySettings {
  /** A broker that is reached over the network; absent: the embedded one. */
  readonly mqttUrl?: string;
  /** Where the embedded broker listens; port 0: any free one. */
  readonly host: string;
  readonly mqttPort: number;
  readonly topicRoot: string;
  /** Name of our session at the broker; default `linchpin-{topicRoot}`. Servers that share it take turns. */
  readonly clientId?: string;
  /** Topic filters of this server, one shard of several; absent: everything that a dialect reads. */
  readonly filters?: readonly string[];
  /** Shares the messages out among the servers of a group, instead of taking turns. */
  readonly sharedGroup?: string;
  /** Content of the file that TELEMETRY_CONFIG names; absent: the native dialect alone. */
  readonly telemetryConfig?: string;
  /** Kafka as a second way in. */
  readonly kafka?: KafkaSettings;
}

export interface KafkaSettings {
  readonly url: string;
  /** Patterns of topics, each with the MQTT topic that its records are read as. */
  readonly topics: string;
  /** Consumer group; default `linchpin-{topicRoot}`. Servers of one group share the partitions. */
  readonly group: string | null;
}

export interface TelemetryOptions {
  readonly application: Pick<
    Application,
    | 'ingest'
    | 'reportConnectivity'
    | 'removeReported'
    | 'takeDesired'
    | 'noteSources'
    | 'unreported'
    | 'keepHistory'
    | 'upsertTwins'
    | 'quarantine'
    | 'properties'
    | 'onDesired'
    | 'resolvedModel'
  > & { readonly topology: Pick<Application['topology'], 'twin'> };
  readonly settings: TelemetrySettings;
  /** The embedded broker asks who its clients are; absent: it asks nobody. */
  readonly access?: Pick<BrokerAccessOptions, 'authenticator' | 'sightOf'> | null;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

export interface Telemetry {
  /** Where devices reach the broker. */
  readonly addresses: readonly string[];
  /** Why telemetry does not come in now; empty when it does. */
  reasons(): readonly string[];
  /** Records that wait in Kafka, of the partitions that are ours; null: Kafka is not read. */
  readonly kafkaLag: number | null;
  readonly isConnected: boolean;
  /** Another server takes telemetry in, and this one would if that one went. */
  readonly isStandingBy: boolean;
  readonly counters: Readonly<Counters>;
  /** A QoS 1 message, as if from a device; answers when the broker has it. @throws Error when it cannot be reached */
  publish(topic: string, payload: string | Uint8Array): Promise<void>;
  /**
   * A message of a dialect that needs no topic, from elsewhere than a broker; answers when it is stored, or cannot be now.
   * @param dialect its name in the configuration
   * @param mayTell of which twins its sender may tell; absent: of all
   */
  receive(dialect: string, payload: Uint8Array, mayTell?: (twin: string) => boolean): Promise<Receipt>;
  /** Commits and acknowledges what is here, then closes the connections. */
  stop(): Promise<void>;
}

/**
 * Answers when the embedded broker listens, or when the first attempt to reach the other one has ended, either way.
 * @throws LinchpinError BAD_CONFIG when the embedded broker cannot have its port, or the URL is not one, or the configuration is not right
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { application, settings, clock, timers, log } = options;
  const counters = createCounters();
  const causes = new LoggedCauses(log);
  const native = createNativeDialect(settings.topicRoot);
  const config =
    settings.telemetryConfig === undefined
      ? DEFAULT_TELEMETRY_CONFIG
      : parseTelemetryConfig(settings.telemetryConfig, native.filters);
  let broker: BrokerConnection | undefined;
  const publish: BrokerConnection['publish'] = async (topic, payload, how) => {
    if (broker === undefined) throw new Error('the broker is not there yet');
    await broker.publish(topic, payload, how);
  };

  const publishOne = ({ topic, payload, qos, retain }: Outgoing): Promise<void> =>
    publish(topic, payload, { qos, retain });
  /** Dialects say what they have to say at a connection once messages can go out. */
  let isGreetingDue = false;
  const greet = (): void => {
    if (!isGreetingDue || broker === undefined) return;
    isGreetingDue = false;
    router.connected();
    desiredOut.connected();
  };

  const deadLetterTopic = `${settings.topicRoot}/$dead`;
  const deadLetters = new DeadLetters({
    publish: (payload) => publish(deadLetterTopic, payload, { qos: 0, retain: false }),
    clock,
    counters,
    causes,
  });
  const router = new DialectRouter({
    native,
    config,
    modelOf: (twin) => application.topology.twin(twin)?.model,
    declaredOf: (model, property) => application.resolvedModel(model)?.propertyByName.get(property),
    clock,
    timers,
    counters,
    causes,
    send: (outgoing) => {
      publishOne(outgoing).catch((error: unknown) =>
        log.debug({ error, topic: outgoing.topic }, 'a message of a dialect could not be sent'),
      );
    },
    sourceOf: (twin) => application.topology.twin(twin)?.source,
    onNewSource: (twin, source) => {
      if (application.topology.twin(twin) !== undefined) sourceNotes.note(twin, source);
    },
    onSource: (twin) => desiredOut.came(twin),
  });
  const sourceNotes = new SourceNotes({ noteSources: (sources) => application.noteSources(sources), timers, log });
  const desiredOut = new DesiredOut({
    application,
    native,
    routes: router,
    timers,
    log,
    isStandingBy: () => broker?.isStandingBy ?? false,
    publish: publishOne,
  });
  const unknownTwins = new UnknownTwins({
    application,
    quarantine: application.quarantine,
    policyOf: (topic) => router.policyOf(topic),
    counters,
    deadLetters,
    causes,
  });
  const pipeline = new IngestPipeline({
    application: {
      ingest: (readings) => application.ingest(readings),
      reportConnectivity: (reports) => application.reportConnectivity(reports),
      keepHistory: (coalesced) => application.keepHistory(coalesced),
      removeReported: (removals) => application.removeReported(removals),
      takeDesired: (changes) => desiredOut.withoutEcho(changes, () => application.takeDesired(changes)),
    },
    dialect: router,
    clock,
    timers,
    log,
    counters,
    causes,
    deadLetters,
    unknownTwins,
  });
  router.start((decoded, message) => pipeline.inject(decoded, message));
  const stopListening = application.onDesired(({ twin, property, desired }) =>
    desiredOut.changed(twin, property, desired),
  );

  const connection: ConnectionOptions = {
    pipeline,
    counters,
    timers,
    log,
    will: () => router.will(),
    kept: {
      filters: native.desiredFilters,
      onMessage(topic, payload) {
        const twin = native.twinOfDesired(topic);
        if (twin !== null && application.topology.twin(twin) !== undefined) desiredOut.kept(twin, payload);
      },
    },
    onConnected: () => {
      isGreetingDue = true;
      greet();
    },
    onDisconnected: () => {
      // Another server hears what this one does not, once it has the turn.
      if (broker?.isStandingBy !== true) router.disconnected();
    },
  };
  const access = options.access
    ? new BrokerAccess({ ...options.access, clock, timers, twinOfDesired: (topic) => native.twinOfDesired(topic) })
    : null;
  let kafka: KafkaLink | null;
  try {
    kafka = createKafkaLink(settings, connection);
    const filters = [...native.filters, ...router.filters];
    broker = await openBroker(settings, { ...connection, clock, access }, filters, router.retainedFilters);
    greet();
  } catch (error) {
    stopListening();
    throw error;
  }
  const opened = broker;
  await kafka?.start();
  return {
    addresses: [opened.address],
    get isConnected() {
      return opened.isConnected;
    },
    get isStandingBy() {
      return opened.isStandingBy;
    },
    reasons: () => [
      ...(opened.isConnected ? [] : ['the broker cannot be reached']),
      ...(kafka === null || kafka.isConnected ? [] : ['Kafka cannot be reached']),
    ],
    get kafkaLag() {
      return kafka?.lag ?? null;
    },
    counters,
    receive: (dialect, payload, mayTell) => receiveOverHttp({ pipeline, timers }, dialect, payload, mayTell),
    publish: (topic, payload) => opened.publish(topic, payload, { qos: 1, retain: false }),
    async stop() {
      stopListening();
      desiredOut.stop();
      router.stop();
      kafka?.stopIntake();
      await opened.stopIntake();
      await pipeline.stop();
      await sourceNotes.stop();
      const goodbyes = Promise.all(router.goodbye().map(publishOne)).catch((error: unknown) =>
        log.debug({ error }, 'a goodbye could not be said'),
      );
      await Promise.race([goodbyes, new Promise<void>((done) => void timers.after(TELEMETRY_LIMITS.goodbyeMs, done))]);
      await Promise.all([opened.close(), kafka?.close()]);
    },
  };
}

function createKafkaLink(settings: TelemetrySettings, connection: ConnectionOptions): KafkaLink | null {
  const { kafka, topicRoot } = settings;
  if (kafka === undefined) return null;
  const routes = parseKafkaRoutes(kafka.topics, topicRoot, (topic) => connection.pipeline.accepts(topic));
  return new KafkaLink({
    ...connection,
    address: parseKafkaUrl(kafka.url),
    routes,
    group: kafka.group ?? `linchpin-${topicRoot.replaceAll('/', '-')}`,
  });
}

function openBroker(
  settings: TelemetrySettings,
  connection: ConnectionOptions & { readonly clock: Clock; readonly access: BrokerAccess | null },
  filters: readonly string[],
  retainedFilters: readonly string[],
): Promise<BrokerConnection> {
  const { mqttUrl: url, host, mqttPort: port, topicRoot } = settings;
  if (url === undefined) return openEmbeddedBroker({ ...connection, host, port });
  const { clientId = `linchpin-${topicRoot}`, sharedGroup, filters: own = filters } = settings;
  const turnTopic = `${topicRoot}/$ingest/${clientId.replaceAll(/[/+#]/g, '-')}`;
  const subscribed = sharedGroup === undefined ? own : own.map((filter) => `$share/${sharedGroup}/${filter}`);
  if (sharedGroup !== undefined) {
    connection.log.warn(
      { group: sharedGroup },
      'a shared subscription has no order: readings without a time of their own may be set back; and some brokers, Mosquitto among them, lose messages when a member goes',
    );
  }
  const unread = own.find((filter) => filters.every((each) => commonFilter(filter, each) === null));
  if (unread !== undefined) {
    const expected = 'topic filters of which something is read';
    throw new LinchpinError('BAD_CONFIG', `MQTT_FILTERS: expected ${expected}, got ${describeValue(unread)}`, {
      at: 'MQTT_FILTERS',
      expected,
    });
  }
  // Brokers give retained messages to no shared subscription.
  const retained = sharedGroup === undefined ? commonFilters(own, retainedFilters) : [];
  return openRemoteBroker({ ...connection, url, filters: subscribed, retainedFilters: retained, clientId, turnTopic });
}

function commonFilters(some: readonly string[], others: readonly string[]): readonly string[] {
  return some.flatMap((one) => others.flatMap((other) => commonFilter(one, other) ?? []));
}
