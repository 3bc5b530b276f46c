// flawsmith audit

import { type Args, usage } from '../args.ts';
import type { Command, CommandResult } from '../command.ts';
import type { Session } from '../session.ts';

export const audit: Command = {
  name: 'audit',
  summary: 'Show the log of what was done, or check that nobody altered it',
  positional: 'verify|list',
  positionals: { min: 1, max: 1 },
  options: {
    last: { type: 'string', value: 'N', help: 'list only the last N entries' },
    head: {
      type: 'string',
      value: 'N:HASH',
      help: 'verify: also against this head, as verify printed it before',
    },
    backup: { type: 'string', value: 'PATH', help: 'verify: also against the head in this backup' },
  },
  examples: ['audit verify', 'audit verify --backup parts-backup', 'audit list --last 20 --json'],
  async run(args, session) {
    const [what] = args.positionals;
    if (what === 'verify') return verify(args, session);
    if (what === 'list') return list(args, session);
    throw usage(`"${what}" is neither verify nor list`, args.command);
  },
};

async function verify(args: Args, { client, signal }: Session): Promise<CommandResult> {
  const result = await client.audit.verify({ noted: headOf(args), backup: args.path('backup') }, { signal });
  return {
    result,
    lines: [`the audit log is whole: ${result.entries} entries`, `head ${result.entries}:${result.hash}`],
  };
}

async function list(args: Args, { client, signal }: Session): Promise<CommandResult> {
  const result = await client.audit.list(
    { last: args.integer('last', { min: 1, max: 1_000_000 }) },
    { signal },
  );
  const lines = result.entries.map(({ seq, time, event }) => {
    return `${String(seq).padStart(6)}  ${timeText(time)}  ${JSON.stringify(event)}`;
  });
  return { result, lines };
}

/** A damaged row may hold any number. */
function timeText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? `time ${time}`.padEnd(24) : date.toISOString();
}

function headOf(args: Args): { entries: number; hash: string } | undefined {
  const text = args.text('head');
  if (text === undefined) return undefined;
  const found = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  if (found === null)
    throw args.wrong('head', 'must be a number, a colon and 64 hex digits, as verify prints it');
  return { entries: Number(found[1]), hash: found[2] };
}
