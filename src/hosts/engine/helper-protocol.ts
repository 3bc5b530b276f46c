// What the engine in Electron's utility process and the main process say to each other about helper processes.

export type ToHelpers =
  /** `name`: of a worker file beside the engine's bundle. */
  | { kind: 'helper-start'; helper: number; name: string; env: Record<string, string> }
  | { kind: 'helper-kill'; helper: number };

export type FromHelpers =
  /** Comes with the port to the helper. */
  | { kind: 'helper-port'; helper: number }
  | { kind: 'helper-output'; helper: number; text: string }
  | { kind: 'helper-ended'; helper: number; reason: string };

export function isHelperMessage(message: unknown): boolean {
  const kind = (message as { kind?: unknown } | null)?.kind;
  return typeof kind === 'string' && kind.startsWith('helper-');
}
