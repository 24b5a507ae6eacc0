/** Where Kafka is, from the text of KAFKA_URL: brokers to begin with, TLS, user and password. */
import { LinchpinError } from '../../domain/errors.ts';

export interface KafkaAddress {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly isEncrypted: boolean;
  readonly credentials: {
    readonly mechanism: KafkaMechanism;
    readonly username: string;
    readonly password: string;
  } | null;
}

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
export type KafkaMechanism = (typeof MECHANISMS)[number];

/** No URL of the standard: it has several hosts. */
const FORM =
  /^(?<scheme>kafkas?):\/\/(?:(?<username>[^:@/?]+):(?<password>[^@/?]*)@)?(?<brokers>[^@/?]+)\/?(?:\?mechanism=(?<mechanism>[^&]+))?$/;
const BROKER = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const EXPECTED =
  'kafka://host:9092,other:9092 or kafkas://user:password@host:9093, with ?mechanism=SCRAM-SHA-512 or SCRAM-SHA-256 where it is not PLAIN';

/** @throws LinchpinError BAD_CONFIG; the text itself, which may hold a password, is in no message */
export function parseKafkaUrl(text: string): KafkaAddress {
  const { scheme, username, password, brokers = '', mechanism = 'PLAIN' } = FORM.exec(text)?.groups ?? {};
  const hosts = brokers.split(',');
  const known = MECHANISMS.find((each) => each === mechanism);
  if (!hosts.every((host) => BROKER.test(host)) || known === undefined) {
    throw new LinchpinError('BAD_CONFIG', `KAFKA_URL: expected ${EXPECTED}`, { at: 'KAFKA_URL', expected: EXPECTED });
  }
  return {
    brokers: hosts.map((host) => (/:\d+$/.test(host) ? host : `${host}:9092`)),
    isEncrypted: scheme === 'kafkas',
    credentials:
      username === undefined || password === undefined
        ? null
        : { mechanism: known, username: decodeURIComponent(username), password: decodeURIComponent(password) },
  };
}
