// What the engine gets to know of how this program was started.

const NAMES =
  /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|TEMP|TMP|TMPDIR|LANG|LC_.*|SYSTEMROOT|XDG_.*|FLAWSMITH_.*|CUDA_.*|VK_.*|LD_LIBRARY_PATH)$/i;

/** The variables by which a program finds its files and its devices, and nothing else. */
export function engineEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(env).filter(
    (pair): pair is [string, string] => NAMES.test(pair[0]) && pair[1] !== undefined,
  );
  return Object.fromEntries(kept);
}
