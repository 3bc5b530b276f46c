// How the desktop app's bundles are built: main, preload, and the window. The engine: vite.engine.config.ts.

import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import renderer from './vite.config.ts';

const here = import.meta.dirname;
const out = resolve(here, process.env.FLAWSMITH_OUT ?? 'out');

export default defineConfig({
  main: {
    // Everything but Electron itself is bundled: the archive holds no packages.
    build: {
      outDir: resolve(out, 'main'),
      externalizeDeps: false,
      rolldownOptions: { input: { index: resolve(here, 'src/main/index.ts') } },
    },
  },
  preload: {
    build: {
      outDir: resolve(out, 'preload'),
      rolldownOptions: {
        input: { index: resolve(here, 'src/preload/index.ts') },
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer,
});
