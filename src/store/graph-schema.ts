/** The schema of a graph: numbered statements, each run once; the graph knows the last one's number. */
import { LinchpinError } from '../domain/errors.ts';
import { schemaStatements, statement } from './cypher-statements.ts';
import type { GraphPort } from './graph-port.ts';

const READ_VERSION = statement('schema/version');
const ADVANCE = statement('schema/advance');

/**
 * Brings a graph to this version's schema. Statements can run twice (two processes may start at once), not backwards.
 * @throws LinchpinError BAD_CONFIG when the graph was written by a newer version.
 */
export async function prepareSchema(port: GraphPort): Promise<void> {
  const statements = schemaStatements();
  const newest = statements.at(-1)?.version ?? 0;
  const [row] = await port.read(READ_VERSION, {});
  const version = Number(row?.[0] ?? 0);
  if (version > newest) {
    throw new LinchpinError(
      'BAD_CONFIG',
      `the graph has schema ${version}, this version of linchpin knows ${newest}: use a newer linchpin`,
      {
        expected: `schema ${newest} or older`,
        received: `schema ${version}`,
      },
    );
  }
  for (const { version: next, text } of statements) if (next > version) await port.define(text);
  if (version < newest) await recordVersion(port, newest);
}

async function recordVersion(port: GraphPort, version: number): Promise<void> {
  const transaction = port.begin();
  try {
    await transaction.run(ADVANCE, { version });
    await transaction.commit();
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}
