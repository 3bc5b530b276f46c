// electron-builder's one configuration, for all systems.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from 'electron-builder';

export interface BuilderPlace {
  root: string;
  /** Folder of the staged app. */
  stage: string;
  output: string;
  /** A folder with Electron's own files; without it electron-builder fetches them. */
  electronDist?: string;
}

/** What the engine's process loads lies outside the archive: no native library can be loaded from inside it. */
export const UNPACKED = ['out/engine/**', 'resources/**', 'node_modules/**'];

export function builderConfig({ root, stage, output, electronDist }: BuilderPlace): Configuration {
  return {
    appId: 'org.flawsmith.workbench',
    productName: 'Flawsmith',
    copyright: 'Apache-2.0',
    electronVersion: JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8'))
      .version,
    directories: { app: stage, output },
    // The stage holds exactly what is shipped.
    files: ['**/*'],
    asar: true,
    asarUnpack: UNPACKED,
    npmRebuild: false,
    electronDist,
    electronLanguages: ['en-US', 'de'],
    electronFuses: {
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    },
    publish: null,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills these in
    artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
    win: { target: ['nsis'] },
    nsis: {
      oneClick: false,
      perMachine: false,
      allowToChangeInstallationDirectory: true,
      deleteAppDataOnUninstall: false,
    },
    linux: {
      target: ['AppImage', 'deb'],
      category: 'Graphics',
      maintainer: 'Flawsmith',
      synopsis: 'Makes defect pictures with exact masks, offline',
    },
    mac: { target: ['dmg', 'zip'], category: 'public.app-category.graphics-design', identity: null },
  };
}
