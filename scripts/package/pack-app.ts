// Hands a checked stage to electron-builder, with Electron's own runtime where it can be had.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Arch, build, Platform } from 'electron-builder';
import { listAsar } from './asar-list.ts';
import { builderConfig } from './builder-config.ts';
import type { Stage } from './stage.ts';
import { writeStandIn } from './stand-in-runtime.ts';
import { ownTarget, type Target } from './targets.ts';

const PLATFORMS = { win32: Platform.WINDOWS, linux: Platform.LINUX, darwin: Platform.MAC };
const ARCHS = { x64: Arch.x64, arm64: Arch.arm64 };

/** Why Electron's runtime for a target cannot be had; null where it is here now. It is fetched as Electron does. */
export async function whyNoRuntime(root: string, { os, arch, name }: Target): Promise<string | null> {
  if (name === ownTarget()?.name && existsSync(join(root, 'node_modules/electron/dist/version'))) return null;
  const electron = createRequire(join(root, 'node_modules/electron/package.json'));
  const { downloadArtifact } = electron('@electron/get');
  const version = electronVersion(root);
  const checksums = electron('./checksums.json');
  try {
    await downloadArtifact({ version, artifactName: 'electron', platform: os, arch, checksums });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0] : String(error);
  }
}

/** Builds the target's installers; their paths. Throws what electron-builder says. */
export function buildInstallers(root: string, { target, folder }: Stage, output: string): Promise<string[]> {
  const local = join(root, 'node_modules/electron/dist');
  const electronDist = target.name === ownTarget()?.name && existsSync(local) ? local : undefined;
  return build({
    targets: PLATFORMS[target.os].createTarget(null, ARCHS[target.arch]),
    projectDir: folder,
    publish: 'never',
    config: builderConfig({ root, stage: folder, output, electronDist }),
  });
}

/** Packs without the runtime, on Linux for Linux; the folder with app.asar. Throws where the archive is not as staged. */
export async function packWithStandIn(root: string, stage: Stage, output: string): Promise<string> {
  const electronDist = writeStandIn(join(output, 'stand-in'), electronVersion(root));
  await build({
    targets: Platform.LINUX.createTarget(['dir'], ARCHS[stage.target.arch]),
    projectDir: stage.folder,
    publish: 'never',
    config: builderConfig({ root, stage: stage.folder, output, electronDist }),
  });
  const resources = join(output, 'linux-unpacked/resources');
  const wrong = listAsar(join(resources, 'app.asar')).filter(
    ({ path, unpacked }) => unpacked !== /^(out\/engine|resources|node_modules)\//.test(path),
  );
  if (wrong.length > 0) throw new Error(`on the wrong side of the archive: ${wrong[0].path}`);
  return resources;
}

function electronVersion(root: string): string {
  return JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')).version;
}
