// How the window's pages are built, for the browser and for Electron alike.

import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = import.meta.dirname;

export default defineConfig({
  root: resolve(here, 'src/renderer'),
  base: './',
  plugins: [react()],
  build: {
    outDir: resolve(here, process.env.FLAWSMITH_OUT ?? 'out', 'renderer'),
    minify: true,
    emptyOutDir: true,
    target: 'es2023',
    // Inlined pictures and helper scripts would need holes in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { index: resolve(here, 'src/renderer/index.html') } },
  },
});
