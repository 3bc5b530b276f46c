// What is tested on and why it is fair; or why it would not be, with the pictures, and the way out.

import { useTexts } from '../../texts/index.ts';
import { Button, Checkbox, ErrorNote, ICONS, Icon, Picture } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import type { Change, Plan } from './plan.ts';
import { type Check, type CheckQuery, type Refusal, refusalOf } from './use-check.ts';

interface FairnessProps {
  check: CheckQuery;
  plan: Plan;
  change: Change;
}

/** Pairs that are shown; the rest is counted. */
const MOST_PAIRS = 3;

export function Fairness({ check, plan, change }: FairnessProps) {
  const t = useTexts('prove');
  if (check.data === undefined) {
    if (check.error) return <ErrorNote error={check.error} retry={check.reload} />;
    return <p className="soft">{t.checking}</p>;
  }
  const refusal = refusalOf(check.data, plan);
  return (
    <section className="prove-fair" aria-labelledby="prove-fair">
      <h3 id="prove-fair">{t.fair}</h3>
      {refusal !== null && <Refused refusal={refusal} check={check.data} />}
      {refusal === null && <Facts check={check.data} />}
      {check.data.leaks.length > 0 && (
        <Checkbox
          label={t.leaveOut}
          checked={plan.leaveOutLeaks}
          onValue={(leaveOutLeaks) => change({ leaveOutLeaks })}
        />
      )}
    </section>
  );
}

function Facts({ check: { split } }: { check: Check }) {
  const t = useTexts('prove');
  const { types, testDefects, testNormals, trainingNormals, leftOut, partsKnown } = split;
  const shots = types.reduce((sum, type) => sum + type.shots, 0);
  return (
    <div className="small">
      <p>{t.fairText(t.pictures(testDefects), testNormals.toLocaleString())}</p>
      <p>{t.trainText(t.pictures(shots), trainingNormals.toLocaleString())}</p>
      <ul className="prove-types soft">
        {types.map((type) => (
          <li key={type.type}>
            {type.test > 0 ? t.typeRow(type.type, type.shots, type.test) : t.typeOut(type.type)}
          </li>
        ))}
      </ul>
      {leftOut > 0 && <p>{t.leftOut(leftOut)}</p>}
      {!partsKnown && <p className="soft">{t.partsUnknown}</p>}
    </div>
  );
}

function Refused({ refusal, check }: { refusal: Refusal; check: Check }) {
  const t = useTexts('prove');
  const goTo = useGoTo();
  const { leaks } = check;
  const toLabel = refusal === 'few' || refusal === 'no-test';
  return (
    <div className="note" role="alert">
      <Icon path={ICONS.warn} />
      <div className="grow stack">
        <div>
          <div className="note-title">{t.refusals[refusal]}</div>
          <div>{refusal === 'other' ? check.refusal : t.remedies[refusal]}</div>
        </div>
        {leaks.slice(0, MOST_PAIRS).map(({ kind, training, test }) => (
          <figure key={test.id} className="prove-leak">
            <figcaption className="small">{t.leakPair(t.leakKinds[kind])}</figcaption>
            {[
              { ...training, where: t.inTraining },
              { ...test, where: t.inTest },
            ].map(({ id, file, where }) => (
              <div key={where}>
                <Picture of={{ kind: 'picture', id }} size={128} alt={file} />
                <span className="small prove-leak-words">{where}</span>
                <span className="path ellipsis prove-leak-words" title={file}>
                  {file}
                </span>
              </div>
            ))}
          </figure>
        ))}
        {leaks.length > MOST_PAIRS && <div className="small">{t.moreLeaks(leaks.length - MOST_PAIRS)}</div>}
        <div className="toolbar">
          <Button onClick={() => goTo(toLabel ? 'label' : 'pictures')}>
            {toLabel ? t.toLabel : refusal === 'leak' ? t.openPictures : t.toPictures}
          </Button>
        </div>
      </div>
    </div>
  );
}
