/** A Sparkplug edge node by another implementation, the client of Eclipse Tahu, whose connection can break off. */
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { newClient } from 'sparkplug-client';
import type { UPayload } from 'sparkplug-payload/lib/sparkplugbpayload.js';
import type { Metric } from './sparkplug.ts';

// CommonJS that Node's import finds no names in.
const sparkplug = createRequire(import.meta.url)('sparkplug-client') as { newClient: typeof newClient };

export interface Command {
  /** Absent: to the node itself. */
  readonly device?: string;
  readonly metrics: readonly Metric[];
}

export interface EdgeNode {
  nodeBirth(metrics: readonly Metric[]): void;
  nodeData(metrics: readonly Metric[]): void;
  deviceBirth(device: string, metrics: readonly Metric[]): void;
  deviceData(device: string, metrics: readonly Metric[]): void;
  deviceDeath(device: string): void;
  nextCommand(): Promise<Command>;
  /** Counts a message that never comes. */
  loseMessage(): void;
  /** As a crash would, without a word. */
  breakOff(): void;
  /** Says that it goes, and goes. */
  stop(): void;
}

/** Answers when it is connected, and has said nothing yet. */
export async function startEdgeNode(serverUrl: string, groupId: string, edgeNode: string): Promise<EdgeNode> {
  const client = sparkplug.newClient({
    serverUrl,
    groupId,
    edgeNode,
    clientId: `${groupId}-${edgeNode}`,
    username: '',
    password: '',
    publishDeath: true,
    mqttOptions: { reconnectPeriod: 0 },
  });
  const waiting: Command[] = [];
  const wanted: ((command: Command) => void)[] = [];
  const take = (command: Command): void => {
    const want = wanted.shift();
    if (want) want(command);
    else waiting.push(command);
  };
  client.on('ncmd', ({ metrics }) => take({ metrics: metrics ?? [] }));
  client.on('dcmd', (device, { metrics }) => take({ device, metrics: metrics ?? [] }));
  await new Promise<void>((resolve, reject) => {
    client.on('error', reject);
    client.on('birth', resolve);
  });
  // Its public face knows only what goes right.
  const inner = client as unknown as { seq: number; client: { stream: Socket } };
  const payload = (metrics: readonly Metric[]): UPayload => ({
    timestamp: Date.now(),
    metrics: [...metrics] as NonNullable<UPayload['metrics']>,
  });
  return {
    nodeBirth: (metrics) => client.publishNodeBirth(payload(metrics)),
    nodeData: (metrics) => client.publishNodeData(payload(metrics)),
    deviceBirth: (device, metrics) => client.publishDeviceBirth(device, payload(metrics)),
    deviceData: (device, metrics) => client.publishDeviceData(device, payload(metrics)),
    deviceDeath: (device) => client.publishDeviceDeath(device, payload([])),
    nextCommand() {
      const command = waiting.shift();
      return command ? Promise.resolve(command) : new Promise((resolve) => wanted.push(resolve));
    },
    loseMessage() {
      inner.seq += 1;
    },
    breakOff: () => inner.client.stream.destroy(),
    stop: () => client.stop(),
  };
}
