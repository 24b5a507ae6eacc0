/** A command, and how its arguments are read. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { flagOf, readSettings, SETTINGS, type SettingName } from '../config.ts';
import type { CommandIo, Parts } from './parts.ts';

/** Exit codes. */
export const DONE = 0;
export const FAILED = 1;
export const MISUSED = 2;

export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** The whole help text. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Names of the arguments that are not options; empty: there are none. */
  readonly takes: string;
  /** @returns the exit code */
  run(call: CommandCall): Promise<number>;
}

export interface CommandCall {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  /** Flags of settings, by the name of the setting. */
  readonly settings: Partial<Record<SettingName, string>>;
  readonly io: CommandIo;
  readonly parts: Parts;
}

/** The command was called in a way that it does not know. */
export class UsageError extends Error {}

const SETTING_FLAGS = (Object.keys(SETTINGS) as SettingName[]).flatMap((name) => {
  const flag = flagOf(name);
  return flag === null ? [] : [{ name, flag }];
});

/** @throws UsageError */
export function parseCall(
  command: Command,
  argv: readonly string[],
): Pick<CommandCall, 'positionals' | 'values' | 'settings'> {
  const settingOptions = SETTING_FLAGS.map(({ flag }) => [flag, { type: 'string' }] as const);
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({
      args: [...argv],
      options: { ...Object.fromEntries(settingOptions), ...command.options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    // The first sentence says what is wrong; advice on how to pass such a thing as an argument follows.
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(message);
  }
  const { positionals, values } = parsed;
  if (command.takes === '' && positionals.length > 0) throw new UsageError(`unexpected argument '${positionals[0]}'`);
  const settings: Partial<Record<SettingName, string>> = {};
  for (const { name, flag } of SETTING_FLAGS) {
    const value = values[flag];
    if (typeof value === 'string') settings[name] = value;
  }
  return { positionals, values, settings };
}

/** The option's text; null where it is not given. */
export function textOption(call: CommandCall, name: string): string | null {
  const value = call.values[name];
  return typeof value === 'string' ? value : null;
}

/** What to show to the server of --url: the option, or the setting, which no other user of the machine can see. */
export function tokenOf(call: CommandCall): string | null {
  return textOption(call, 'token') ?? readSettings(call.settings, call.io.environment).token;
}
