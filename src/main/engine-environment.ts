// What the engine gets to know of how this program was started.

const NAMES = new RegExp(
  [
    'PATH|HOME|TMPDIR|LANG|LC_.*|TZ|XDG_.*|LD_LIBRARY_PATH',
    'USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES.*|TEMP|TMP|SYSTEMROOT|SYSTEMDRIVE|WINDIR',
    'NUMBER_OF_PROCESSORS|PROCESSOR_.*|CUDA_.*|VK_.*|MESA_.*|FLAWSMITH_.*',
  ]
    .map((names) => `^(?:${names})$`)
    .join('|'),
  'i',
);

/** The variables by which a program finds its files and its devices, and nothing else. */
export function engineEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(env).filter(
    (pair): pair is [string, string] => NAMES.test(pair[0]) && pair[1] !== undefined,
  );
  return Object.fromEntries(kept);
}
