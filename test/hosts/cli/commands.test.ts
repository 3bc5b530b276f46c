// From arguments to results: every command with services that are quick, over the real contract and a real workspace.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { COMMANDS } from '../../../src/hosts/cli/commands/index.ts';
import { type CliHost, runCli } from '../../../src/hosts/cli/run-cli.ts';
import { abortAt, fakeServices, type Hooks, writeSource } from '../../engine/support/fake-services.ts';
import { tempFolder } from '../../engine/support/temp-folder.ts';
import { parseLines } from './cli-process.ts';

function terminal(t: TestContext, hooks: Hooks = {}) {
  const root = tempFolder(t);
  let all = '';
  const run = async (line: string, controller = new AbortController(), workspace = join(root, 'parts')) => {
    let stdout = '';
    let stderr = '';
    const host: CliHost = {
      stdout: {
        write(text) {
          stdout += text;
          all += text;
        },
      },
      stderr: { write: (text) => (stderr += text) },
      listen: (onFirst) => {
        controller.signal.addEventListener('abort', onFirst);
        return { signal: controller.signal, dispose() {} };
      },
      services: fakeServices(hooks),
    };
    const args = line.split(' ').map((word) => word.replace('@', `${root}/`));
    const code = await runCli([...args, '--workspace', workspace], host);
    return {
      code,
      stdout,
      stderr,
      last: line.includes('--json') ? parseLines(stdout).at(-1)! : { event: '' },
    };
  };
  return { root, run, printed: () => all };
}

async function trained(t: TestContext, hooks: Hooks = {}) {
  const { root, run } = terminal(t, hooks);
  await writeSource(join(root, 'part'), { good: 4, crack: 3 });
  for (const line of ['init', 'import @part', 'train --preset quick --shots 2 --seed 7']) {
    const { code, stderr } = await run(line);
    assert.equal(code, 0, stderr);
  }
  return { root, run };
}

test('the way of the README: init, import, train, generate, review, export, verify', async (t) => {
  const { root, run } = await trained(t);
  const made = await run(
    'generate --generator blend --type crack --count 8 --seed 5 --attributes sks1=0.7,sks2=0.3 --json',
  );
  assert.deepEqual([made.code, made.last.total, made.last.flagged], [0, 8, 2]);
  const reviewed = await run('review --rule accept:unflagged --json');
  assert.deepEqual([reviewed.last.decided, reviewed.last.accepted, reviewed.last.undecided], [6, 6, 2]);
  assert.equal((await run('review --rule reject:agreement --reason faint --json')).last.decided, 2);
  const exported = await run('export --format coco --out @out --json');
  assert.deepEqual(
    [exported.last.generated, exported.last.real, exported.last.folder],
    [6, 7, join(root, 'out')],
  );
  assert.equal((await run('verify @out')).code, 0);
});

test('review by ids, comma or blank between them, and listing', async (t) => {
  const { run } = await trained(t);
  await run('generate --type crack --count 4');
  const { last } = await run('review --list --json');
  const [a, b, c, d] = (last.pictures as { id: string }[]).map((picture) => picture.id);
  assert.equal((await run(`review --accept ${a},${b} ${c} --json`)).last.accepted, 3);
  assert.equal((await run(`review --reject ${d} --json`)).last.rejected, 1);
  assert.equal((await run(`review --reset ${a} --json`)).last.undecided, 1);
  assert.equal(((await run('review --list --status accepted --json')).last.pictures as unknown[]).length, 2);
});

test('Ctrl+C leaves a run that resumes: exit 130 and the command that goes on', async (t) => {
  const hooks: Hooks = {};
  const { run } = await trained(t, hooks);
  const controller = new AbortController();
  hooks.beforeStep = abortAt(3, controller);
  const stopped = await run('generate --type crack --count 6', controller);
  assert.equal(stopped.code, 130);
  assert.match(stopped.stderr, /stopping after the current step/);
  const resume = /flawsmith (generate --resume \w{26})/.exec(stopped.stderr)![1];
  hooks.beforeStep = undefined;
  const { code, last } = await run(`${resume} --json`);
  assert.deepEqual([code, last.total], [0, 6]);
  assert.equal((await run(resume)).code, 2, 'a finished run has nothing to resume');
});

test('Ctrl+C in the demo names the workspace the run lives in', async (t) => {
  const controller = new AbortController();
  const hooks: Hooks = { beforeStep: abortAt(3, controller) };
  const { root, run } = terminal(t, hooks);
  const { code, stderr } = await run('demo --out @demo', controller);
  assert.equal(code, 130);
  const [, resume, folder] = /flawsmith (train --resume \w{26}) --workspace "(.*)"/.exec(stderr)!;
  assert.equal(folder, join(root, 'demo', 'workspace'));
  hooks.beforeStep = undefined;
  const elsewhere = terminal(t, hooks);
  assert.match((await elsewhere.run(resume)).stderr, /not-found/);
  assert.equal((await run(resume, undefined, folder)).code, 0);
});

test('Ctrl+C during the export of the demo names no run: all of them are done', async (t) => {
  const controller = new AbortController();
  const stop = abortAt(0, controller)!;
  const { root, run, printed } = terminal(t, {
    async beforeExport(step, signal) {
      // Training and two generators; the fakes are faster than their events.
      while (printed().split('"run-end"').length - 1 < 3) await setTimeout(5);
      await stop(step, signal);
    },
  });
  const { code, last } = await run('demo --out @demo --json', controller);
  assert.deepEqual([code, last.code], [130, 'cancelled']);
  assert.ok(!JSON.stringify(last).includes('--resume'), JSON.stringify(last));
  assert.ok((last.message as string).endsWith(`kept in ${join(root, 'demo', 'workspace')}`));
});

test('a dry run changes nothing', async (t) => {
  const { root, run } = terminal(t);
  await writeSource(join(root, 'part'), { good: 1, crack: 1 });
  await run('init');
  assert.match((await run('import @part --dry-run')).stdout, /2 would be added/);
  assert.deepEqual((await run('info --json')).last.products, []);
});

test('packs, devices, info and doctor print something for people', async (t) => {
  const { run } = await trained(t);
  for (const [line, words] of [
    ['packs', /embedded/],
    ['packs embedded', /parameters/],
    ['devices', /\* cpu/],
    ['info', /part: 4 good, defects: crack 3/],
    ['doctor', /sound/],
  ] as const) {
    const { code, stdout } = await run(line);
    assert.equal(code, 0);
    assert.match(stdout, words);
  }
});

test('the demo names its folder, sheet and report', async (t) => {
  const { root, run } = terminal(t);
  const { code, stdout } = await run('demo --out @demo --shots 2');
  assert.equal(code, 0);
  for (const name of ['export', 'sheet.png', 'report.html'])
    assert.ok(stdout.includes(join(root, 'demo', name)), name);
});

test('--json prints nothing that is not JSON, and nothing on stderr', async (t) => {
  const { run } = await trained(t);
  const { stdout, stderr } = await run('generate --type crack --count 4 --json');
  const events = parseLines(stdout);
  assert.deepEqual(
    events.map((e) => e.event).filter((e) => e === 'result' || e === 'error'),
    ['result'],
  );
  assert.equal(events.filter((e) => e.event === 'picture').length, 4);
  assert.equal(stderr, '');
});

test('help on the whole and on every command, in each way it can be asked for', async (t) => {
  const { run } = terminal(t);
  for (const line of ['help', '--help', 'help train'])
    assert.match((await run(line)).stdout, /Usage: flawsmith/);
  for (const command of COMMANDS) {
    const { code, stdout } = await run(`${command.name} --help`);
    assert.equal(code, 0);
    assert.ok(stdout.includes('Examples:') && stdout.includes(`flawsmith ${command.name}`));
  }
});

const USAGE_ERRORS: [string, string, RegExp][] = [
  ['an unknown command, with the likely one', 'trian', /did you mean "train"/],
  ['an unknown option', 'train --epochs 3', /--epochs/],
  ['a value outside its range', 'train --shots 9', /from 1 to 8/],
  ['a value that is no number', 'train --seed x', /whole number/],
  [
    'a value that is not in the list',
    'generate --generator gan --count 1',
    /windows, blend, paste, seas, normal/,
  ],
  ['a missing positional', 'import', /FOLDER/],
  ['too many positionals', 'verify a b', /unexpected "b"/],
  ['a missing option', 'generate --type x', /--count/],
  ['a bad list of weights', 'generate --count 1 --attributes sks1', /TOKEN=WEIGHT/],
  ['a variation beyond 1', 'generate --count 1 --variation 2', /from 0 to 1/],
  ['a bad rule', 'review --rule unflagged', /accept:unflagged/],
  ['a flag that no check gives', 'review --rule reject:low-agreement', /agreement, contrast, empty-mask/],
  ['a bad id', 'train --resume last', /26 letters/],
  ['a size that is none', 'train --memory much', /4GiB/],
  ['a size without a unit that is no whole number', 'train --memory 1.5', /4GiB/],
  ['options beside --resume', 'train --resume 01J9ZQ4M7N8P6R5S3T2V1W0XYZ --seed 1', /--seed does not go/],
  ['two review actions', 'review --accept x --rule accept:all', /one of/],
  ['an export without a folder', 'export', /--out/],
];
for (const [what, line, message] of USAGE_ERRORS) {
  test(`${what}: exit 2 with a hint`, async (t) => {
    const { code, stdout, stderr } = await terminal(t).run(line);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, message);
    assert.match(stderr, /flawsmith .*help/);
  });
}

const ERRORS: [string, string[], string, number][] = [
  ['no workspace', ['info'], 'not-found', 3],
  ['a product before there are pictures', ['init', 'train'], 'not-found', 3],
  ['a run that does not exist', ['init', 'train --resume 01J9ZQ4M7N8P6R5S3T2V1W0XYZ'], 'not-found', 3],
  ['an inspection before there are pictures', ['init', 'inspect --split test'], 'not-found', 3],
];
for (const [what, lines, code, exit] of ERRORS) {
  test(`${what}: ${code}, exit ${exit}, for programs and for people`, async (t) => {
    const { run } = terminal(t);
    for (const line of lines.slice(0, -1)) await run(line);
    const forPrograms = await run(`${lines.at(-1)} --json`);
    assert.deepEqual([forPrograms.code, forPrograms.last.event], [exit, 'error']);
    const { code: reported, message, hint } = forPrograms.last as Record<string, unknown>;
    assert.ok(reported === code && typeof message === 'string' && typeof hint === 'string' && hint !== '');
    const forPeople = await run(lines.at(-1)!);
    assert.equal(forPeople.code, exit);
    assert.match(forPeople.stderr, new RegExp(`error \\(${code}\\)`));
  });
}

test('backup, restore, audit and recreate', async (t) => {
  const { root, run } = await trained(t);
  await run('generate --generator windows --type crack --count 3');
  const list = await run('review --list --json');
  const [{ id }] = list.last.pictures as { id: string }[];
  const again = await run(`recreate ${id}`);
  assert.deepEqual(
    [again.code, again.stdout],
    [0, `picture ${id} (windows): equal, byte for byte\nmask: equal, byte for byte\n`],
  );

  const verified = await run('audit verify');
  const head = /head (\d+:[0-9a-f]{64})/.exec(verified.stdout)![1];
  for (const form of ['copy', 'copy.tar']) {
    assert.equal((await run(`backup @${form}`)).code, 0);
    const to = join(root, `${form}-restored`);
    assert.equal((await run(`restore @${form} @${form}-restored`)).code, 0);
    const same = await run(`audit verify --head ${head} --backup @${form}`, undefined, to);
    assert.equal(same.code, 0, same.stderr);
  }
  const log = await run('audit list --last 2 --json');
  assert.equal((log.last.entries as unknown[]).length, 2);
  const other = await run(`audit verify --head 1:${'0'.repeat(64)} --json`);
  assert.deepEqual([other.code, other.last.code], [15, 'corrupt']);
  for (const line of [
    'audit',
    'audit check',
    'audit verify --head 1:x',
    'recreate x',
    'backup',
    'restore @copy',
  ]) {
    assert.equal((await run(line)).code, 2, line);
  }
});
