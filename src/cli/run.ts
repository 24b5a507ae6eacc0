/** Runs one command of the command line. Data goes to stdout, everything else to stderr; the exit code is 0, 1, or 2 for usage. */
import { InputFaults, LinchpinError } from '../domain/errors.ts';
import { checkCommand } from './check.ts';
import { type Command, DONE, FAILED, MISUSED, parseCall, UsageError } from './command.ts';
import { doctorCommand } from './doctor.ts';
import { exportCommand } from './export.ts';
import { impactCommand } from './impact.ts';
import { importCommand } from './import.ts';
import { keyCommand } from './key.ts';
import type { CommandIo, Parts } from './parts.ts';
import { serveCommand } from './serve.ts';

const COMMANDS: readonly Command[] = [
  serveCommand,
  importCommand,
  exportCommand,
  checkCommand,
  impactCommand,
  doctorCommand,
  keyCommand,
];

/** @param argv arguments behind the name of the program */
export async function runCli(argv: readonly string[], io: CommandIo, parts: Parts): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version' || name === '-v') {
    await io.out(`${parts.version}\n`);
    return DONE;
  }
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const about = COMMANDS.find((command) => command.name === rest[0]);
    if (name === undefined) io.err(overview());
    else await io.out(about?.help ?? overview());
    return name === undefined ? MISUSED : DONE;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) {
    io.err(`linchpin: there is no command '${name}'\n\n${overview()}`);
    return MISUSED;
  }
  try {
    const call = parseCall(command, rest);
    if (call.values['help'] === true) {
      await io.out(command.help);
      return DONE;
    }
    return await command.run({ ...call, io, parts });
  } catch (error) {
    return tellFailure(command, error, io);
  }
}

function tellFailure(command: Command, error: unknown, io: CommandIo): number {
  if (error instanceof UsageError) {
    io.err(`linchpin ${command.name}: ${error.message}\nSee: linchpin ${command.name} --help\n`);
    return MISUSED;
  }
  if (error instanceof InputFaults) {
    for (const fault of error.faults) io.err(`${fault.message}\n`);
    return FAILED;
  }
  if (error instanceof LinchpinError) {
    io.err(`linchpin ${command.name}: ${error.message}\n`);
    return error.code === 'BAD_CONFIG' ? MISUSED : FAILED;
  }
  // Whoever reads our data has seen enough, as in `linchpin export | head`.
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return DONE;
  io.err(`linchpin ${command.name}: ${error instanceof Error ? error.stack : String(error)}\n`);
  return FAILED;
}

function overview(): string {
  const commands = COMMANDS.map((command) => `  ${command.name.padEnd(8)} ${command.summary}\n`).join('');
  return `Linchpin: a live graph of digital twins.

Usage: linchpin COMMAND [OPTIONS]

${commands}
linchpin COMMAND --help tells more. Settings come from the environment, or from flags: docs/CONFIG.md lists them.
`;
}
