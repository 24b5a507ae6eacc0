/** The log: JSON lines on stderr, or readable lines where stderr is a terminal; without secrets in either. */
import { pino, stdSerializers } from 'pino';
import type { Log } from './domain/log.ts';

export interface LogOptions {
  readonly level: string;
  /** Texts that must not appear, passwords above all. */
  readonly secrets?: readonly string[];
  readonly isTerminal: boolean;
  readonly write: (line: string) => void;
}

const HIDDEN = '[hidden]';
/** Fields whose value is a secret whatever it is. */
const SECRET_FIELDS = ['password', 'secret', 'token', 'authorization', 'apiKey', 'cookie'];
const CREDENTIALS_IN_URL = /(\w:\/\/)[^\s/"'@]*:[^\s/"'@]*@/g;
const SHORTEST_SECRET = 4;

export function createLog(options: LogOptions): Log {
  const hidden = (options.secrets ?? [])
    // Hiding a shorter text would riddle the log with holes, and tell the secret by them.
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  const clean = (line: string): string => {
    let text = line.replace(CREDENTIALS_IN_URL, `$1${HIDDEN}@`);
    for (const secret of hidden) text = text.replaceAll(secret, HIDDEN);
    return text;
  };
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'message',
      serializers: { error: stdSerializers.err, err: stdSerializers.err, cause: stdSerializers.err },
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: HIDDEN },
    },
    { write: (line: string) => options.write(options.isTerminal ? toReadable(clean(line)) : clean(line)) },
  );
  return logger satisfies Log;
}

function toReadable(line: string): string {
  const { time, level, message, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${toText(value)}`);
  return `${String(time).slice(11, 23)} ${String(level).toUpperCase().padEnd(5)} ${String(message)}${rest.join('')}\n`;
}

function toText(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'stack' in value) return `\n${String(value.stack)}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
