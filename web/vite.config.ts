/**
 * The build of all pages (experience.md 6): one HTML file a page, its scripts and styles below /assets, nothing from
 * outside. Swagger UI is copied, not bundled: it ships as a finished script, and its package must not become a
 * dependency of our users (experience.md 14.3).
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const root = dirname(fileURLToPath(import.meta.url));
const pages = ['index', 'console', 'sandbox', 'rest-docs', 'compare'];
const swaggerFiles = ['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE', 'NOTICE'];

function copySwaggerUi(): Plugin {
  return {
    name: 'copy-swagger-ui',
    apply: 'build',
    writeBundle(options) {
      const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
      const target = join(options.dir ?? join(root, 'dist'), 'swagger');
      mkdirSync(target, { recursive: true });
      for (const file of swaggerFiles) copyFileSync(join(source, file), join(target, file));
    },
  };
}

// A default export, because Vite reads the configuration from it.
export default defineConfig({
  root,
  base: '/',
  plugins: [react(), copySwaggerUi()],
  server: {
    host: '127.0.0.1',
    proxy: {
      '/graphql': 'http://127.0.0.1:4000',
      '/rest': 'http://127.0.0.1:4000',
      '/compare/': 'http://127.0.0.1:4000',
    },
  },
  build: {
    outDir: join(root, 'dist'),
    emptyOutDir: true,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    // The list of files the budget test reads.
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The console is one large script by nature; its limit is the budget test's, gzipped.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { input: Object.fromEntries(pages.map((page) => [page, join(root, `${page}.html`)])) },
  },
});
