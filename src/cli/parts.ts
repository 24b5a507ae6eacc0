/** What the commands are given from outside: the process around them, and the parts that they may not import. */
import type { ExportItem } from '../application/export-items.ts';
import type { ImportInput } from '../application/inputs.ts';
import type { TwinStore } from '../application/twin-store.ts';
import type { Environment, Settings } from '../config.ts';
import type { Fault } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { KeyGrant } from '../domain/principal.ts';

/** The process around a command. */
export interface CommandIo {
  /** Absent: that of the process. */
  readonly environment?: Environment;
  /** Data; answers when there is room for more. */
  out(text: string): Promise<void>;
  /** Messages. */
  err(text: string): void;
  /** stderr is a terminal: progress may be drawn, logs may be read by a human. */
  readonly isTerminal: boolean;
  /** Answers when the process is told to stop. */
  stopAsked(): Promise<void>;
}

export interface Parts {
  /** Of the package. */
  readonly version: string;
  /** @throws LinchpinError STORE_UNAVAILABLE or BAD_CONFIG */
  openStore(settings: Settings, log: Log): Promise<TwinStore>;
  /** An empty graph in memory, gone when it is closed. */
  openScratch(log: Log): Promise<TwinStore>;
  /** Whether there is a graph to open; opening makes one where there is none. */
  hasGraph(settings: Settings): boolean;
  /** @throws LinchpinError STORE_UNAVAILABLE or BAD_CONFIG */
  startServer(settings: Settings, log: Log, options: { readonly example: boolean }): Promise<RunningServer>;
  /** A new API key, and the line for the file that lets it in. */
  makeKey(grant: KeyGrant): { readonly key: string; readonly line: string };
  readonly exchange: Exchange;
}

export interface RunningServer {
  /** By what is there: `graphql`, `graphiql`, `mqtt`. */
  readonly addresses: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface Exchange {
  readonly importFormats: readonly string[];
  importFiles(target: ImportTarget, files: readonly string[], options: ImportFilesOptions): Promise<ImportOutcome>;
  /** Native format, a piece for each page. */
  writeNative(pages: AsyncIterable<readonly ExportItem[]>): AsyncIterable<string>;
}

/** What takes an import: the application, or a running server. */
export interface ImportTarget {
  /** @throws InputFaults with paths such as `twins[3].kind` */
  importGraph(
    input: ImportInput,
    options: { actor: string | null; dryRun: boolean; onProgress?: (done: number, total: number) => void },
  ): Promise<{ models: number; twins: number; relationships: number }>;
}

export interface ImportFilesOptions {
  readonly format: string | null;
  readonly mapping: string | null;
  readonly keepGoing: boolean;
  readonly dryRun: boolean;
  readonly actor: string | null;
  readonly onBytes?: (count: number) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ImportOutcome {
  readonly models: number;
  readonly twins: number;
  readonly relationships: number;
  /** Rows that fitted no rule of the mapping. */
  readonly unmatchedRows: number;
  /** Why something was left out. */
  readonly faults: readonly Fault[];
  readonly leftOut: { readonly models: number; readonly twins: number; readonly relationships: number };
}
