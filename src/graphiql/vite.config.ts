/** Builds GraphiQL from its package into dist/graphiql, everything from our own origin: workers, fonts, styles. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('app', import.meta.url)),
  base: '/graphiql/',
  build: {
    outDir: fileURLToPath(new URL('../../dist/graphiql', import.meta.url)),
    emptyOutDir: true,
    // The editor is one large library; there is nothing to split.
    chunkSizeWarningLimit: 10_000,
    // Fonts as files: the policy allows no data: URLs for scripts, and inlined fonts are loaded even when not used.
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  worker: { format: 'es' },
});
