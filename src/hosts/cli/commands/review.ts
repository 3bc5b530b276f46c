// flawsmith review

import { STATUSES } from '../../../contract/methods/review.ts';
import { PICTURE_FLAGS } from '../../../core/domain/picture-flags.ts';
import { type Args, isId, usage } from '../args.ts';
import type { Command, CommandResult } from '../command.ts';
import type { Session } from '../session.ts';

/** What a rule takes besides one flag. */
const WHICH = ['all', 'flagged', 'unflagged'] as const;

export const review: Command = {
  name: 'review',
  summary: 'Accept or reject generated pictures, by id or by rule, or list them',
  positional: '[ID ...]',
  positionals: { min: 0, max: 100_000 },
  options: {
    accept: { type: 'string', value: 'ID,...', help: 'accept these pictures' },
    reject: { type: 'string', value: 'ID,...', help: 'reject these pictures' },
    reset: { type: 'string', value: 'ID,...', help: 'take the decision on these back' },
    rule: {
      type: 'string',
      value: 'WHAT:WHICH',
      help: `accept or reject : ${WHICH.join(', ')}, or a flag: ${PICTURE_FLAGS.join(', ')}`,
    },
    reason: { type: 'string', value: 'TEXT', help: 'why, kept with the decision' },
    again: { type: 'boolean', help: 'let the rule decide again on pictures that were decided' },
    list: { type: 'boolean', help: 'list the pictures instead' },
    status: { type: 'string', value: STATUSES.join('|'), help: 'list only these' },
    run: { type: 'string', value: 'RUN', help: 'only pictures of this run' },
    product: { type: 'string', value: 'NAME', help: 'only pictures of this product' },
  },
  examples: [
    'review --rule accept:unflagged',
    'review --rule reject:agreement --reason "defect hardly visible"',
    'review --list --status undecided --json',
  ],
  async run(args, session) {
    const actions = ['accept', 'reject', 'reset', 'rule'].filter((name) => args.text(name) !== undefined);
    if (args.flag('list') && actions.length === 0) return listPictures(args, session);
    if (actions.length !== 1 || args.flag('list')) {
      throw usage('give one of --accept, --reject, --reset, --rule or --list', args.command);
    }
    const result = await session.client.review.decide(decisionOf(args, actions[0]), {
      signal: session.signal,
    });
    const { decided, accepted, rejected, undecided } = result;
    const lines = [
      `${decided} decided; now ${accepted} accepted, ${rejected} rejected, ${undecided} undecided`,
    ];
    return { result, lines };
  },
};

function decisionOf(args: Args, action: string) {
  const reason = args.text('reason');
  if (action === 'rule') return { reason, ...ruleOf(args) };
  const ids = [...args.required(action).split(','), ...args.positionals].map((id) => id.trim());
  const bad = ids.find((id) => !isId(id));
  if (bad !== undefined) throw args.wrong(action, `needs ids of 26 letters and digits, not "${bad}"`);
  return { decision: action as 'accept' | 'reject' | 'reset', reason, select: { ids } };
}

function ruleOf(args: Args) {
  const text = args.required('rule');
  const [decision, which, ...rest] = text.split(':');
  if ((decision !== 'accept' && decision !== 'reject') || !which || rest.length > 0) {
    throw args.wrong('rule', `cannot be "${text}"; write for example accept:unflagged or reject:agreement`);
  }
  const known = WHICH.find((name) => name === which);
  const flag = PICTURE_FLAGS.find((name) => name === which);
  if (known === undefined && flag === undefined) {
    throw args.wrong(
      'rule',
      `knows no "${which}"; choose one of ${WHICH.join(', ')}, or a flag: ${PICTURE_FLAGS.join(', ')}`,
    );
  }
  const where = known === undefined ? { where: 'flag' as const, flag } : { where: known };
  return {
    decision,
    select: { ...where, product: args.text('product'), run: args.id('run'), redecide: args.flag('again') },
  } as const;
}

async function listPictures(args: Args, { client, signal }: Session): Promise<CommandResult> {
  const filter = {
    product: args.text('product'),
    run: args.id('run'),
    status: args.choice('status', STATUSES),
  };
  const result = await client.review.list(filter, { signal });
  const lines = result.pictures.map(
    (p) => `${p.id}  ${p.status.padEnd(9)}  ${p.generator} ${p.type ?? 'good'}  ${p.flags.join(', ')}`,
  );
  return { result, lines: [...lines, `${result.pictures.length} pictures`] };
}
