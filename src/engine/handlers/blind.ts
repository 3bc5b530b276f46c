// review.blind: can a person tell made defects from real ones? Every answer is stored at once.

import { AppError } from '../../core/base/errors.ts';
import { namedRng, type Rng } from '../../core/base/rng.ts';
import { maskBounds } from '../../core/image/raster.ts';
import { wilsonInterval } from '../../core/metrics/wilson.ts';
import type { EngineContext } from '../engine-context.ts';
import { appendAudit } from '../store/audit.ts';
import {
  type BlindItem,
  type BlindTestRow,
  getBlindTest,
  insertBlindTest,
  listBlindTests,
  storeAnswers,
} from '../store/blind-tests.ts';
import { listGenerations } from '../store/generations.ts';
import { listImages } from '../store/images.ts';
import type { ReadableWorkspace } from '../workspace.ts';
import { chooseProduct } from './choose-product.ts';

export interface BlindStart {
  product?: string;
  type?: string;
  count: number;
  seed: number;
  person?: string;
}

type Answer = 'real' | 'generated';
type Candidate = Omit<BlindItem, 'rect'> & { mask: string };

/** At least so many of each kind, else a guess tells nothing. */
const FEWEST = 2;
/** Room around the mark, as a factor of its longer side, and the least side shown. */
const ROOM = 2;
const LEAST_SIDE = 48;

export async function startBlind(context: EngineContext, input: BlindStart) {
  const workspace = await context.writable();
  const { db } = workspace;
  const productId = chooseProduct(db, input.product).id;
  const rng = namedRng(input.seed, 'blind test');
  const half = Math.floor(input.count / 2);
  const real = draw(realCandidates(workspace, productId, input.type), half, rng.fork('real'));
  const made = draw(madeCandidates(workspace, productId, input.type), half, rng.fork('made'));
  if (real.length < FEWEST || made.length < FEWEST) {
    const [what, there] =
      real.length < FEWEST ? ['real defects with a mask', real.length] : ['generated pictures', made.length];
    throw new AppError('usage', `a blind test needs at least ${FEWEST} ${what}, there are ${there}`, {
      hint: real.length < FEWEST ? 'Label more defects first.' : 'Generate pictures and accept some first.',
    });
  }
  const mixed = [...real, ...made];
  const items: BlindItem[] = [];
  for (const at of rng.fork('order').permutation(mixed.length)) items.push(await shown(workspace, mixed[at]));
  const test: BlindTestRow = {
    id: context.clock.newId(),
    productId,
    items,
    answers: items.map(() => null),
    person: input.person ?? null,
    createdAt: context.clock.now(),
    finishedAt: null,
  };
  db.transaction(() => insertBlindTest(db, test));
  return toBlindTest(test);
}

export async function answerBlind(
  context: EngineContext,
  { id, index, answer }: { id: string; index: number; answer: Answer },
) {
  const { db } = await context.writable();
  const test = getBlindTest(db, id);
  if (test === undefined || index >= test.items.length) {
    throw new AppError('not-found', `there is no picture ${index + 1} in a blind test ${id}`);
  }
  if (test.finishedAt !== null)
    throw new AppError('usage', 'this blind test is over; its answers stay as they are');
  const answers = test.answers.with(index, answer);
  const finishedAt = answers.includes(null) ? null : context.clock.now();
  const done = { ...test, answers, finishedAt };
  db.transaction(() => {
    storeAnswers(db, id, answers, finishedAt);
    if (finishedAt === null) return;
    const { answered, right } = scoreOf(done);
    appendAudit(db, finishedAt, { event: 'blind-test', test: id, answered, right, person: test.person });
  });
  return toBlindTest(done);
}

export async function listBlind(context: EngineContext, input: { product?: string }) {
  return context.reading(({ db }) => {
    return { tests: listBlindTests(db, chooseProduct(db, input.product).id).map(toBlindTest) };
  });
}

function toBlindTest(test: BlindTestRow) {
  const { id, items, answers, person, createdAt, finishedAt } = test;
  return { id, items, answers, person, createdAt, finishedAt, score: scoreOf(test) };
}

function scoreOf({ items, answers }: BlindTestRow) {
  const said = answers.flatMap((answer, i) => (answer === null ? [] : [{ answer, kind: items[i].kind }]));
  const right = said.filter(({ answer, kind }) => (answer === 'generated') === (kind === 'generated')).length;
  const answered = said.length;
  if (answered === 0) return { answered, right, share: null, low: null, high: null };
  return { answered, right, share: right / answered, ...wilsonInterval(right, answered) };
}

function realCandidates(
  { db }: ReadableWorkspace,
  productId: string,
  type: string | undefined,
): Candidate[][] {
  const labelled = listImages(db, productId).filter(
    (image) =>
      image.role === 'defect' && image.maskBlob !== null && (type === undefined || image.type === type),
  );
  const candidates = labelled.map(({ id, width, height, maskBlob }) => {
    return { kind: 'picture' as const, id, width, height, mask: maskBlob! };
  });
  return [candidates];
}

/** Accepted ones first, then those nobody has decided on. */
function madeCandidates(
  { db }: ReadableWorkspace,
  productId: string,
  type: string | undefined,
): Candidate[][] {
  const rows = listGenerations(db, { productId }).filter(
    (row) => row.maskBlob !== null && (type === undefined || row.type === type),
  );
  const of = (status: string): Candidate[] =>
    rows
      .filter((row) => row.status === status)
      .map(({ id, width, height, maskBlob }) => ({
        kind: 'generated' as const,
        id,
        width,
        height,
        mask: maskBlob!,
      }));
  return [of('accepted'), of('undecided')];
}

function draw(groups: Candidate[][], count: number, rng: Rng): Candidate[] {
  const chosen: Candidate[] = [];
  for (const group of groups) {
    for (const at of rng.permutation(group.length)) {
      if (chosen.length < count) chosen.push(group[at]);
    }
  }
  return chosen;
}

/** A square around the whole mark: both kinds are shown alike. */
async function shown({ blobs }: ReadableWorkspace, { mask, ...item }: Candidate): Promise<BlindItem> {
  const { decodeMask } = await import('../imaging/index.ts');
  const bounds = maskBounds((await decodeMask(blobs.path(mask), item, { name: 'mask' })).mask);
  if (bounds === null) return { ...item, rect: { x: 0, y: 0, width: item.width, height: item.height } };
  const wanted = Math.max(LEAST_SIDE, Math.ceil(ROOM * Math.max(bounds.width, bounds.height)));
  const side = Math.min(wanted, item.width, item.height);
  const place = (start: number, length: number, whole: number): number =>
    Math.min(whole - side, Math.max(0, Math.round(start + length / 2 - side / 2)));
  const rect = {
    x: place(bounds.x, bounds.width, item.width),
    y: place(bounds.y, bounds.height, item.height),
    width: side,
    height: side,
  };
  return { ...item, rect };
}
