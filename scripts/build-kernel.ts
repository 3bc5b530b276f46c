// npm run build:kernel: src/core/autodiff/kernel/parameters.wat -> the bytes that ship, as text in a module.

import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const FOLDER = new URL('../src/core/autodiff/kernel/', import.meta.url);

/** WebAssembly bytes of the kernel's text. */
export async function assembleKernel(): Promise<Uint8Array> {
  const text = readFileSync(new URL('parameters.wat', FOLDER), 'utf8');
  const module = (await wabt()).parseWat('parameters.wat', text, { simd: true });
  module.validate();
  return module.toBinary({ write_debug_names: false }).buffer;
}

if (import.meta.main) {
  const bytes = Buffer.from(await assembleKernel()).toString('base64');
  const lines = bytes.match(/.{1,100}/g) as string[];
  const body = lines.map((line) => `  '${line}',`).join('\n');
  writeFileSync(
    new URL('bytes.ts', FOLDER),
    `// Made by npm run build:kernel from parameters.wat.\n\nexport const KERNEL_BASE64 = [\n${body}\n].join('');\n`,
  );
}
