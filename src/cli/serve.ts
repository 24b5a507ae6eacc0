/** `linchpin serve`: the server, until a signal. */
import { readSettings } from '../config.ts';
import { createLog } from '../log.ts';
import { type Command, DONE } from './command.ts';

export const serveCommand: Command = {
  name: 'serve',
  summary: 'run the server until a signal',
  help: `Usage: linchpin serve [--example] [--port PORT] [--host HOST] [--data-dir FOLDER] [--mqtt-port PORT] ...

Runs the server until SIGINT or SIGTERM. When it can be used it prints one line, ready, with its addresses.

  --example   load the example plant into an empty graph, and simulate its telemetry through the broker

Every setting of docs/CONFIG.md that is not a secret is a flag too: PORT is --port.
`,
  options: { example: { type: 'boolean' } },
  takes: '',
  async run({ values, settings: flags, io, parts }) {
    const settings = readSettings(flags, io.environment);
    const log = createLog({
      level: settings.logLevel,
      secrets: settings.secrets,
      isTerminal: io.isTerminal,
      write: (line) => io.err(line),
    });
    const stopAsked = io.stopAsked();
    const server = await parts.startServer(settings, log, { example: values['example'] === true });
    const addresses = Object.entries(server.addresses).map(([name, address]) => ` ${name}=${address}`);
    await io.out(`ready${addresses.join('')}\n`);
    await stopAsked;
    log.info({}, 'stopping');
    await server.stop();
    return DONE;
  },
};
