// How the desktop app's engine process is bundled: one folder of JavaScript outside the archive, that loads the native
// packages beside it and finds its workers and its resources by their place.

import { basename, dirname, relative, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const here = import.meta.dirname;
/** Where the bundle is shipped, whatever folder it is built into. */
const PLACE = resolve(here, 'out/engine');
/** Packages with native code stay packages. */
export const NATIVE_PACKAGES = ['better-sqlite3', 'onnxruntime-node', 'sharp'];

export default defineConfig({
  root: here,
  plugins: [filesByTheirPlace()],
  ssr: { noExternal: true, external: NATIVE_PACKAGES },
  build: {
    ssr: true,
    emitAssets: true,
    outDir: resolve(here, process.env.FLAWSMITH_OUT ?? 'out', 'engine'),
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      input: { main: resolve(here, 'src/hosts/engine/main.ts') },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});

/**
 * `new URL('./x.ts', import.meta.url)` names a worker: it becomes an entry of its own, `./x.js`. Any other file is a
 * resource, which is shipped where it lies in the repository.
 */
function filesByTheirPlace(): Plugin {
  const NAMED = /new URL\('(\.[^']+)', import\.meta\.url\)/g;
  return {
    name: 'files-by-their-place',
    enforce: 'pre',
    generateBundle() {
      // The folder is unpacked without the app's own manifest.
      this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "module" }\n' });
    },
    transform(code, id) {
      if (!code.includes('import.meta.url') || !id.startsWith(resolve(here, 'src'))) return null;
      return code.replace(NAMED, (_all, path: string) => {
        const file = resolve(dirname(id), path);
        if (!file.endsWith('.ts')) return toUrl(relative(PLACE, file).replaceAll('\\', '/'));
        const name = basename(file, '.ts');
        this.emitFile({ type: 'chunk', id: file, name, fileName: `${name}.js` });
        return toUrl(`./${name}.js`);
      });
    },
  };
}

function toUrl(path: string): string {
  return `new URL('${path}', import.meta.url)`;
}
