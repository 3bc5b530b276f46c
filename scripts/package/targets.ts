// The systems that the desktop app is packaged for.

export type Target = (typeof TARGETS)[number];
type Os = 'win32' | 'linux' | 'darwin';

/** onnxruntime-node has no library for macOS on Intel. `default`: packaged without being asked for. */
export const TARGETS = [
  { name: 'win32-x64', os: 'win32', arch: 'x64', default: true },
  { name: 'win32-arm64', os: 'win32', arch: 'arm64', default: false },
  { name: 'linux-x64', os: 'linux', arch: 'x64', default: true },
  { name: 'linux-arm64', os: 'linux', arch: 'arm64', default: false },
  { name: 'darwin-arm64', os: 'darwin', arch: 'arm64', default: true },
] as const satisfies readonly { name: string; os: Os; arch: 'x64' | 'arm64'; default: boolean }[];

/** The target that this PC is itself; null where there is none. */
export function ownTarget(): Target | null {
  return TARGETS.find(({ name }) => name === `${process.platform}-${process.arch}`) ?? null;
}

/** `names`: of targets, or `all`; without any, the default ones. Throws what is no target. */
export function chooseTargets(names: readonly string[]): readonly Target[] {
  if (names.length === 0) return TARGETS.filter((target) => target.default);
  if (names.includes('all')) return TARGETS;
  return names.map((name) => {
    const found = TARGETS.find((target) => target.name === name);
    if (found) return found;
    throw new Error(
      `${name} is no target; there are ${TARGETS.map((target) => target.name).join(', ')} and all`,
    );
  });
}
