/** A process of its own that publishes telemetry as fast as it is acknowledged, or at a rate; so that it costs the server nothing. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';

export interface Load {
  readonly url: string;
  readonly count: number;
  readonly twins: number;
  /** Messages a second; absent: as fast as the window allows. */
  readonly rate?: number;
  readonly topicRoot?: string;
  /** 0: only each ACKNOWLEDGED_OF is acknowledged, so that its sender knows how far the broker is. Default 1. */
  readonly qos?: 0 | 1;
  /** Properties of each message; default 1. */
  readonly properties?: number;
  /** Each message has one of them: all twins the first, then all the second, and so on. Default: all in each. */
  readonly isInTurn?: boolean;
  /** observedAt of the first message, epoch ms; each further one is a millisecond later. */
  readonly observedAt: number;
}

/** Messages sent and not acknowledged yet. */
const WINDOW = 4_000;
const ACKNOWLEDGED_OF = 500;
/** Part of the window below which it is filled again: as of many devices, messages come evenly. */
const REFILLED_AT = 0.9;
const ARGUMENT = 'publish-load';

/** A benchmark calls this first: in the publishing process it does the work and ends there. */
export async function publishIfAsked(): Promise<void> {
  if (process.argv[2] !== ARGUMENT) return;
  await publish(JSON.parse(process.argv[3] ?? '{}') as Load);
  process.exit(0);
}

/** Answers when every message is acknowledged: seconds from the first message to the last acknowledgement. */
export async function publishLoad(load: Load): Promise<number> {
  const child = fork(process.argv[1] ?? '', [ARGUMENT, JSON.stringify(load)], { execArgv: [] });
  const [seconds] = (await once(child, 'message')) as [number];
  return seconds;
}

/** Milliseconds that two processes of one machine agree on. */
export function sharedNow(): number {
  return performance.timeOrigin + performance.now();
}

/**
 * By hand: encoding a packet costs a fraction of what a client does for it, and the machine's processors are shared.
 * Without a rate they are encoded beforehand.
 */
async function publish(load: Load): Promise<void> {
  const { url, count, twins, rate, observedAt, qos = 1, properties = 1, isInTurn = false, topicRoot = 'twins' } = load;
  const acknowledgedOf = qos === 0 ? ACKNOWLEDGED_OF : 1;
  const names = Array.from({ length: properties }, (_, i) => (i === 0 ? 'n' : `n${i}`));
  const encode = (n: number, value: number): Buffer => {
    const form = `{"value":${value},"observedAt":${observedAt + n}}`;
    const told = isInTurn ? [names[Math.floor(n / twins) % properties] ?? ''] : names;
    const payload = `{${told.map((name) => `"${name}":${form}`).join(',')}}`;
    const id = (n + 1) % acknowledgedOf === 0 ? (n % 65_535) + 1 : null;
    return publishPacket(`${topicRoot}/T-${n % twins}/telemetry`, payload, id);
  };
  const encoded = rate === undefined ? Array.from({ length: count }, (_, n) => encode(n, n)) : null;
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  socket.write(connectPacket(`load-${process.pid}`));
  // CONNACK is as long as a PUBACK.
  let answered = -1;
  let sent = 0;
  let startedAt = 0;
  const send = (): void => {
    const due = rate === undefined ? count : Math.floor(((performance.now() - startedAt) / 1000) * rate);
    const until = Math.min(count, due, answered + WINDOW);
    const packets = encoded?.slice(sent, until) ?? [];
    if (encoded === null) for (let n = sent; n < until; n++) packets.push(encode(n, sharedNow()));
    sent = Math.max(sent, until);
    if (packets.length > 0) socket.write(Buffer.concat(packets));
  };
  let bytes = 0;
  for await (const chunk of socket) {
    bytes += (chunk as Buffer).length;
    if (answered < 0) {
      startedAt = performance.now();
      if (rate !== undefined) setInterval(send, 1).unref();
    }
    answered = (Math.floor(bytes / ANSWER_BYTES) - 1) * acknowledgedOf;
    if (answered === count) break;
    if (rate === undefined && sent - answered <= WINDOW * REFILLED_AT) send();
  }
  process.send?.((performance.now() - startedAt) / 1000);
  socket.destroy();
}

/** CONNACK and PUBACK of MQTT 3.1.1. */
const ANSWER_BYTES = 4;

/** MQTT 3.1.1, clean, without keepalive. */
function connectPacket(clientId: string): Buffer {
  const body = Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, 0]), text(clientId)]);
  return Buffer.concat([Buffer.from([0x10, body.length]), body]);
}

/** At QoS 1 with an id, else at QoS 0. */
function publishPacket(topic: string, payload: string, id: number | null): Buffer {
  const length = 2 + Buffer.byteLength(topic) + (id === null ? 0 : 2) + Buffer.byteLength(payload);
  const type = id === null ? 0x30 : 0x32;
  const header = length < 128 ? [type, length] : [type, (length & 0x7f) | 0x80, length >> 7];
  const packet = Buffer.allocUnsafe(header.length + length);
  let at = 0;
  for (const byte of header) at = packet.writeUInt8(byte, at);
  at = packet.writeUInt16BE(Buffer.byteLength(topic), at);
  at += packet.write(topic, at);
  if (id !== null) at = packet.writeUInt16BE(id, at);
  packet.write(payload, at);
  return packet;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
