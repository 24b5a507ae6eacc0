import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { generateGraphqlTypes, TYPES_FILE } from '../../scripts/generate-graphql-types.ts';

// Rewritten by `npx vitest run test/graphql/schema-types.test.ts -u`.
it('the types of the resolvers are those of schema.graphql', async () => {
  await expect(await generateGraphqlTypes()).toMatchFileSnapshot(fileURLToPath(TYPES_FILE));
});
