/**
 * The broker inside this process: aedes, MQTT 3.1.1. Telemetry is taken in its hook before publishing, which answers
 * after the commit: so the PUBACK that a device gets means that its message is stored.
 */
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { Aedes, type AedesPublishPacket, type Client, type ConnectPacket, type PublishPacket } from 'aedes';
import { LinchpinError } from '../domain/errors.ts';
import type { Timers } from '../domain/timers.ts';
import type { BrokerConnection, ConnectionOptions, PublishOptions } from './broker-connection.ts';
import { takeTelemetryDirectly } from './direct-intake.ts';
import type { BrokerAccess } from './broker-access.ts';
import type { Delivery } from './ingest-pipeline.ts';
import { RetainedBudget } from './retained-budget.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface EmbeddedBrokerOptions extends ConnectionOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** null: nobody is asked who they are. */
  readonly access: BrokerAccess | null;
}

const WILDCARD = /[+#]/;

type Refuse = (error?: Error | null) => void;

/** @throws LinchpinError BAD_CONFIG when the port cannot be had */
export async function openEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<BrokerConnection> {
  const { pipeline, counters, access, log } = options;
  const retained = new RetainedBudget(TELEMETRY_LIMITS.retainedBytes);
  let isOpen = true;
  /** Sockets forget where they were connected to. */
  const origins = new WeakMap<Client, string | undefined>();

  /** Few messages of one client wait here, but of many clients. */
  const isTooMuch = (): boolean =>
    pipeline.pendingMessages >= TELEMETRY_LIMITS.embeddedMessages ||
    pipeline.pendingBytes >= TELEMETRY_LIMITS.embeddedBytes;

  /** Calls back when the message is stored; with an error, which ends the client's connection, when it is not taken. */
  const takeTelemetry = (packet: PublishPacket, done: Refuse, mayTell?: Delivery['mayTell']): void => {
    if (!isOpen) return done(new Error('the broker is stopping'));
    if (isTooMuch()) {
      counters.turnedAway += 1;
      return done(new Error('too many messages wait for the graph'));
    }
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const delivery = { topic: packet.topic, payload, isRedelivery: packet.dup, isReplay: false, mayTell };
    pipeline.take(delivery, (isStored) => done(isStored ? null : new Error('the broker is stopping')));
  };

  const aedes = await Aedes.createBroker({
    // The first packet of a connection is expected soon.
    connectTimeout: 10_000,
    drainTimeout: TELEMETRY_LIMITS.drainMs,
    preConnect: admit,
    authenticate(client, _username, password, done) {
      const answer = async (): Promise<void> => {
        const refusal = (await access?.admit(client, password)) ?? null;
        done(refusal, refusal === null);
      };
      void answer();
    },
    authorizeSubscribe(client, subscription, done) {
      done(null, client && access?.mayHear(client, subscription.topic) === false ? null : subscription);
    },
    authorizeForward: (client, packet) => (access?.mayHear(client, packet.topic) === false ? null : packet),
    authorizePublish(client, packet, done) {
      const why = access ? access.whyNotPublish(client, pipeline.accepts(packet.topic)) : null;
      if (why !== null) return done(new Error(why));
      if (packet.topic.startsWith('$') && !pipeline.accepts(packet.topic))
        return done(new Error('topics that begin with $ belong to the broker'));
      if (packet.retain && !retained.admits(packet.topic, packet.payload.length)) packet.retain = false;
      if (!pipeline.accepts(packet.topic)) return done(null);
      takeTelemetry(packet, done, client ? access?.mayTell(client) : undefined);
    },
  });
  /** Clients that subscribed to what may be telemetry: for nobody else it need not go through the broker. */
  const subscribers = new Set<Client>();
  aedes.on('subscribe', (subscriptions, client) => {
    if (subscriptions.some(({ topic }) => WILDCARD.test(topic) || pipeline.accepts(topic))) subscribers.add(client);
  });
  aedes.on('clientDisconnect', (client) => subscribers.delete(client));
  aedes.on('clientError', (client, error) =>
    log.debug({ client: client.id, reason: error.message }, 'MQTT client lost'),
  );
  aedes.on('connectionError', (client, error) =>
    log.warn({ from: origins.get(client), reason: error.message }, 'MQTT connection refused'),
  );

  const server = createServer((socket) => {
    const client = aedes.handle(socket);
    origins.set(client, socket.remoteAddress);
    limitPackets(client);
    takeTelemetryDirectly(client, {
      accepts: (topic) => pipeline.accepts(topic),
      take(packet, done) {
        const why = access ? access.whyNotPublish(client, true) : null;
        if (why === null) takeTelemetry(packet, done, access?.mayTell(client));
        else done(new Error(why));
      },
      onStored(packet) {
        // What a client with a scope may tell the graph is looked at there, and goes no further.
        if (subscribers.size > 0 && !access?.mayTell(client)) aedes.publish(packet, () => {});
      },
    });
  });
  server.maxConnections = TELEMETRY_LIMITS.connections;
  server.on('drop', () => log.warn({ limit: TELEMETRY_LIMITS.connections }, 'MQTT connection refused: too many'));
  try {
    await listen(server, options);
  } catch (error) {
    // Its timers would keep the process.
    await new Promise<void>((resolve) => aedes.close(resolve));
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const sockets = new Set<Socket>();
  let closed: Promise<void> | undefined;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  options.onConnected();

  return {
    address: `mqtt://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    get isConnected() {
      return isOpen;
    },
    isStandingBy: false,
    async publish(topic, payload, publishOptions) {
      const packet = toPacket(topic, payload, publishOptions);
      // Messages of our own do not pass the hook. What we say as we leave is for others.
      if (isOpen && pipeline.accepts(topic)) await promised((done) => takeTelemetry(packet, done));
      await promised((done) => aedes.publish(packet, done));
    },
    async stopIntake() {
      isOpen = false;
      closed = new Promise((resolve) => server.close(() => resolve()));
    },
    async close() {
      await Promise.all([...sockets].map((socket) => endSocket(socket, options.timers)));
      await new Promise<void>((resolve) => aedes.close(resolve));
      await closed;
    },
  };
}

/** aedes would answer a client of MQTT 5 in a form that such a client cannot read. */
function admit(client: Client, packet: ConnectPacket, done: (error: Error | null, isAdmitted: boolean) => void): void {
  // Sessions would be lost with the process, and their queues have no bound: there are none.
  packet.clean = true;
  if (packet.protocolVersion !== 5) return done(null, true);
  const reason = 'this broker speaks MQTT 3.1.1; set the client to version 4 (3.1.1)';
  client.conn.end(refusalOfVersion5(reason), () => done(new Error(`a client of MQTT 5: ${reason}`), false));
}

/** CONNACK 0x84, unsupported protocol version, with a reason string (MQTT 5, 3.2.2.2 and 3.2.2.3.9). */
function refusalOfVersion5(reason: string): Buffer {
  const text = Buffer.from(reason);
  const property = Buffer.concat([Buffer.from([0x1f, text.length >> 8, text.length & 0xff]), text]);
  return Buffer.concat([Buffer.from([0x20, property.length + 3, 0, 0x84, property.length]), property]);
}

/** aedes has no limit on packets: its parser gathers up to 256 MB. The parser is no part of its public face; a test holds it. */
function limitPackets(client: Client): void {
  const { _parser: parser } = client as unknown as {
    readonly _parser: { readonly packet: { readonly length: number }; parse(bytes: Buffer): number };
  };
  const parse = parser.parse.bind(parser);
  parser.parse = (bytes) => {
    const rest = parse(bytes);
    if (parser.packet.length > TELEMETRY_LIMITS.packetBytes) {
      client.emit('error', new Error(`a packet is larger than ${TELEMETRY_LIMITS.packetBytes} bytes`));
    }
    return rest;
  };
}

function toPacket(topic: string, payload: string | Uint8Array, { qos, retain }: PublishOptions): AedesPublishPacket {
  return { cmd: 'publish', topic, payload: Buffer.from(payload), qos, retain, dup: false } as AedesPublishPacket;
}

function promised(work: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())));
}

/** Lets the last answers out; a client that does not read them is not waited for. */
function endSocket(socket: Socket, timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timers.after(TELEMETRY_LIMITS.goodbyeMs, () => socket.destroy());
    socket.once('close', () => {
      cancel();
      resolve();
    });
    if (socket.closed) resolve();
    // aedes writes its answers at the next tick.
    else setImmediate(() => socket.end(() => socket.destroy()));
  });
}

function listen(server: Server, { host, port }: EmbeddedBrokerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `MQTT_PORT: the embedded broker cannot listen on ${host}:${port}: ${cause.message}`;
      reject(new LinchpinError('BAD_CONFIG', message, { at: 'MQTT_PORT', cause }));
    });
    server.listen(port, host, resolve);
  });
}
