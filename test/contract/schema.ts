/** The schema of a graph: prepared once, never backwards. */
import { describe, expect, it } from 'vitest';
import { schemaStatements, statement } from '../../src/store/cypher-statements.ts';
import type { GraphPort } from '../../src/store/graph-port.ts';
import { prepareSchema } from '../../src/store/graph-schema.ts';

/** `withPort` lends a port to an empty graph. */
export function describeSchema(withPort: (work: (port: GraphPort) => Promise<void>) => Promise<void>): void {
  describe('the schema', () => {
    const newest = schemaStatements().length;

    /** Counts the statements that change the schema. */
    const counted = (port: GraphPort): { port: GraphPort; defined: string[] } => {
      const defined: string[] = [];
      const define = (text: string): Promise<void> => {
        defined.push(text);
        return port.define(text);
      };
      return { port: { ...portMethods(port), define }, defined };
    };

    const setVersion = async (port: GraphPort, version: number): Promise<void> => {
      const transaction = port.begin();
      await transaction.run(statement('schema/advance'), { version });
      await transaction.commit();
    };

    it('is prepared once: a graph that has it is left alone', async () => {
      await withPort(async (port) => {
        await prepareSchema(port);
        const again = counted(port);
        await prepareSchema(again.port);
        expect(again.defined).toEqual([]);
      });
    });

    it('is brought forward by the statements that are missing', async () => {
      await withPort(async (port) => {
        await prepareSchema(port);
        await setVersion(port, newest - 2);
        const again = counted(port);
        await prepareSchema(again.port);
        expect(again.defined).toEqual(
          schemaStatements()
            .slice(-2)
            .map(({ text }) => text),
        );
      });
    });

    it('of a newer version is refused, with both numbers', async () => {
      await withPort(async (port) => {
        await prepareSchema(port);
        await setVersion(port, newest + 1);
        await expect(prepareSchema(port)).rejects.toMatchObject({
          code: 'BAD_CONFIG',
          message: expect.stringContaining(`schema ${newest + 1}`) as string,
          details: { expected: `schema ${newest} or older` },
        });
        await setVersion(port, newest);
      });
    });
  });
}

function portMethods(port: GraphPort): GraphPort {
  return {
    isShared: port.isShared,
    read: (...args) => port.read(...args),
    begin: () => port.begin(),
    define: (text) => port.define(text),
    mayRunAgain: (error) => port.mayRunAgain(error),
    close: () => port.close(),
  };
}
