/**
 * Which Kafka topics are read, and as what: each pattern stands with the MQTT topic that its records are read as, so
 * that the dialects are the same. `plant.*` is short for `plant.*={root}/{key}/telemetry`.
 */
import { LinchpinError } from '../../domain/errors.ts';

export interface KafkaRoute {
  /** As configured; `*` stands for any characters. */
  readonly pattern: string;
  /** MQTT topic, in which `{key}` stands for the record's key. */
  readonly template: string;
}

const KEY = '{key}';
/** What a Kafka topic may be named, and the wildcard. */
const PATTERN = /^[A-Za-z0-9._*-]{1,249}$/;
/** What an id may not hold in an MQTT topic, and the escape itself. */
const ESCAPED = /[%+#]/g;

/** @throws LinchpinError BAD_CONFIG when one is malformed, or nothing reads what it is read as */
export function parseKafkaRoutes(
  text: string,
  topicRoot: string,
  isRead: (topic: string) => boolean,
): readonly KafkaRoute[] {
  return text.split(',').map((each) => {
    const [pattern = '', ...rest] = each.trim().split('=');
    const template = rest.length === 0 ? `${topicRoot}/${KEY}/telemetry` : rest.join('=');
    const expected = `patterns of topics such as plant.*, each alone or as pattern=topic/of/mqtt/${KEY}/telemetry`;
    if (!PATTERN.test(pattern)) throw badRoute(expected, each);
    if (!isRead(toMqttTopic({ pattern, template }, 'key'))) {
      throw badRoute(`${expected}, with a topic that a dialect reads`, each);
    }
    return { pattern, template };
  });
}

/** The first route whose pattern the topic matches. */
export function routeOf(routes: readonly KafkaRoute[], topic: string): KafkaRoute | undefined {
  return routes.find(({ pattern }) => {
    const source = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
    return new RegExp(`^${source.join('.*')}$`).test(topic);
  });
}

/** null: the record needs a key, and has none. */
export function mqttTopicOf(route: KafkaRoute, key: string): string | null {
  return key === '' && route.template.includes(KEY) ? null : toMqttTopic(route, key);
}

function toMqttTopic({ template }: KafkaRoute, key: string): string {
  return template.replaceAll(KEY, () => key.replaceAll(ESCAPED, encodeURIComponent));
}

function badRoute(expected: string, got: string): LinchpinError {
  return new LinchpinError('BAD_CONFIG', `KAFKA_TOPICS: expected ${expected}, got ${JSON.stringify(got)}`, {
    at: 'KAFKA_TOPICS',
    expected,
  });
}
