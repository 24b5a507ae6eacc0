/** A real Apache Kafka (KRaft, one node) from the jars that scripts/fetch-kafka.sh fetched, on a free port of this machine. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin, Connection, Producer, deleteRecordsV2, stringSerializers } from '@platformatic/kafka';
import { freePort } from './free-port.ts';
import { type JavaProcess, startJava, whyNoJava } from './java-process.ts';

const VERSION = '4.1.1';
const JARS = join(process.env['LINCHPIN_KAFKA_HOME'] ?? join(homedir(), '.cache', 'linchpin-kafka'), `lib-${VERSION}`);

/** null: one can be started. */
export const whyNoKafka: string | null = existsSync(JARS)
  ? whyNoJava()
  : `no jars in ${JARS} (scripts/fetch-kafka.sh fetches them)`;
if (whyNoKafka !== null) console.warn(`Tests on Kafka are skipped: ${whyNoKafka}`);

export interface Kafka {
  readonly url: string;
  /** `host:port`, for clients of the tests. */
  readonly broker: string;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and data; answers when it takes requests. */
  start(): Promise<void>;
  stop(): Promise<void>;
  createTopic(name: string, partitions: number): Promise<void>;
  /** Answers when Kafka has them all. A message may name a topic of its own. */
  send(topic: string, messages: readonly KafkaMessage[]): Promise<void>;
  /** Takes the first records of partition 0 away, as retention would. */
  deleteRecordsBefore(topic: string, offset: bigint): Promise<void>;
}

export interface KafkaMessage {
  readonly topic?: string;
  readonly key?: string;
  readonly value: string;
  readonly timestamp?: bigint;
}

export async function startKafka(): Promise<Kafka> {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-kafka-'));
  const [port, controllerPort] = [await freePort(), await freePort()];
  const configuration = join(folder, 'server.properties');
  writeFileSync(configuration, properties(folder, port, controllerPort));
  const format = ['format', '--cluster-id', 'bGluY2hwaW4tdGVzdHMtMQ', '--config', configuration];
  const formatted = spawnSync('java', ['-cp', join(JARS, '*'), 'kafka.tools.StorageTool', ...format], {
    encoding: 'utf8',
  });
  if (formatted.status !== 0) throw new Error(`Kafka's storage could not be formatted:\n${formatted.stderr}`);
  const broker = `127.0.0.1:${port}`;
  const start = async (): Promise<JavaProcess> => {
    const java = await startJava('Kafka', ['-Xmx512m', '-cp', join(JARS, '*'), 'kafka.Kafka', configuration], null);
    while (!(await answers(broker))) await new Promise((resolve) => setTimeout(resolve, 50));
    return java;
  };
  let java = await start();
  return {
    url: `kafka://${broker}`,
    broker,
    kill: () => java.kill(),
    async start() {
      java = await start();
    },
    async stop() {
      await java.kill(); // Its data are thrown away.
      rmSync(folder, { recursive: true, force: true });
    },
    createTopic: (name, partitions) => createTopic(broker, name, partitions),
    send: (topic, messages) => send(broker, topic, messages),
    deleteRecordsBefore: (topic, offset) => deleteRecordsBefore(broker, topic, offset),
  };
}

async function createTopic(broker: string, name: string, partitions: number): Promise<void> {
  const admin = new Admin({ clientId: 'tests', bootstrapBrokers: [broker] });
  await admin.createTopics({ topics: [name], partitions, replicas: 1 });
  // The broker hears of it a moment after the controller has answered.
  while (!(await admin.listTopics()).includes(name));
  await admin.close();
}

async function send(broker: string, topic: string, messages: readonly KafkaMessage[]): Promise<void> {
  const producer = new Producer({
    clientId: 'tests',
    bootstrapBrokers: [broker],
    serializers: stringSerializers,
    autocreateTopics: false,
  });
  for (let from = 0; from < messages.length; from += 1_000) {
    const slice = messages.slice(from, from + 1_000);
    // A partition that has no leader yet refuses; what is sent twice changes nothing.
    for (let tries = 1; ; tries++) {
      try {
        await producer.send({ messages: slice.map((message) => ({ topic, ...message })), acks: -1 });
        break;
      } catch (error) {
        if (tries === 10) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }
  await producer.close();
}

async function deleteRecordsBefore(broker: string, name: string, offset: bigint): Promise<void> {
  const connection = new Connection('tests');
  const [host = '', port = ''] = broker.split(':');
  await connection.connect(host, Number(port));
  await deleteRecordsV2.api.async(connection, [{ name, partitions: [{ partitionIndex: 0, offset }] }], 5_000);
  await connection.close();
}

async function answers(broker: string): Promise<boolean> {
  const admin = new Admin({ clientId: 'tests', bootstrapBrokers: [broker], retries: 0 });
  try {
    await admin.listTopics();
    return true;
  } catch {
    return false;
  } finally {
    await admin.close().catch(() => undefined);
  }
}

const properties = (folder: string, port: number, controllerPort: number): string => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
log.dirs=${folder}/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
log.retention.check.interval.ms=500
log.initial.task.delay.ms=500
`;
