// Whole folders with a damaged or wrongly named file, imported into a fresh workspace.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { walkFolder } from '../../../src/engine/datasets/walk.ts';
import { damageBytes } from '../mutate-bytes.ts';
import { damageJson, damageText } from '../mutate-text.ts';
import { engineOn, type Files, folderSeeds, importInto, writeFiles } from '../seed-folder.ts';
import { once, type Place, target } from '../target.ts';

const seeds = once(folderSeeds);
const TEXT = /\.(json|xml|txt|csv)$/;

function layOut(files: Files, { inside }: Place): string {
  const source = join(inside, 'source');
  rmSync(source, { recursive: true, force: true });
  mkdirSync(source, { recursive: true });
  writeFiles(source, files);
  return source;
}

export const importFolder = target<Files>({
  name: 'import',
  firstStage: 'the folder is read and holds files',
  weight: 3,
  async make(rng, place) {
    const files = new Map(rng.pick(await seeds()));
    const names = [...files.keys()];
    const texts = names.filter((name) => TEXT.test(name));
    const name = texts.length > 0 && rng.chance(0.7) ? rng.pick(texts) : rng.pick(names);
    const bytes = files.get(name) as Uint8Array;
    if (!TEXT.test(name)) files.set(name, damageBytes(bytes, rng));
    else {
      const damage = name.endsWith('.json') ? damageJson : damageText;
      files.set(name, Buffer.from(damage(Buffer.from(bytes).toString('utf8'), rng, place)));
    }
    if (rng.chance(0.2)) {
      files.set(`${name}${rng.pick(['.png', ' ', '.json', '~'])}`, bytes);
      files.delete(name);
    }
    return files;
  },
  async passes(files, place) {
    return (await walkFolder(layOut(files, place))).files.length > 0;
  },
  async run(files, place) {
    const source = layOut(files, place);
    const folder = join(place.inside, 'workspace');
    rmSync(folder, { recursive: true, force: true });
    const context = engineOn(folder);
    try {
      await importInto(context, source);
    } finally {
      await context.close();
    }
  },
});
