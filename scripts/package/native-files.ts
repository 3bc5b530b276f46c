// Which files of the native packages the app needs on a target, by their path inside the package.

import type { Target } from './targets.ts';

/** Packages that only install scripts or compilers ask for. */
export const INSTALL_ONLY = ['adm-zip', 'global-agent', 'node-addon-api'];

/** Optional packages of the target. */
export function platformPackages({ os, name }: Target): string[] {
  // On Windows the library lies beside the binding.
  return os === 'win32' ? [`@img/sharp-${name}`] : [`@img/sharp-${name}`, `@img/sharp-libvips-${name}`];
}

const CODE = /\.(js|cjs|mjs|json)$/;
const NOTICE = /(^|\/)(licen[cs]e|notice|third)[^/]*$/i;
const NATIVE = /\.(node|dll|dylib)$|\.so(\.\d+)*$/;
/** Sources, tests, type tables, programs for a terminal. */
const FOREIGN_FOLDER = /(^|\/)(src|deps|install|script|test|tests|docs|bin|include|node_modules)\//;

export function isNative(path: string): boolean {
  return NATIVE.test(path);
}

/** Whether the file is shipped. */
export function isNeeded(packageName: string, path: string, target: Target): boolean {
  if (isNative(path)) return isOfTarget(packageName, path, target);
  return NOTICE.test(path) || (CODE.test(path) && !FOREIGN_FOLDER.test(path));
}

function isOfTarget(packageName: string, path: string, { os, arch, name }: Target): boolean {
  switch (packageName) {
    case 'onnxruntime-node':
      // The library is there under its full version a second time.
      return path.startsWith(`bin/napi-v6/${os}/${arch}/`) && !/\.\d+\.\d+\.\d+\.dylib$/.test(path);
    case 'better-sqlite3':
      return path === `prebuilds/${name}.node`;
    default:
      return packageName.endsWith(`-${name}`);
  }
}
