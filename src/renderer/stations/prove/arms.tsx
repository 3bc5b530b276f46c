// The training sets that are compared; real only always is.

import { PROOF_ARMS, type ProofArm } from '../../../core/domain/proof.ts';
import { useTexts } from '../../texts/index.ts';
import { Button } from '../../ui/index.ts';
import { useGoTo } from '../use-go-to.ts';
import { armsOf, type Change, type Plan } from './plan.ts';

export function Arms({ plan, change, accepted }: { plan: Plan; change: Change; accepted: number }) {
  const t = useTexts('prove');
  const goTo = useGoTo();
  const arms = armsOf(plan, accepted);
  const set = (arm: ProofArm, on: boolean): void => {
    const others = arms.filter((other) => other !== arm && other !== 'real');
    change({ arms: on ? [...others, arm] : others });
  };
  return (
    <fieldset className="prove-arms">
      <legend>{t.arms}</legend>
      <p className="small soft">{t.armsText}</p>
      {PROOF_ARMS.map((arm) => {
        const missing = arm === 'real+accepted' && accepted === 0;
        return (
          <label key={arm} className="prove-arm">
            <input
              type="checkbox"
              checked={arms.includes(arm)}
              disabled={arm === 'real' || missing}
              onChange={(event) => set(arm, event.target.checked)}
            />
            <span className="grow">
              <span className="prove-arm-name">{t.armNames[arm]}</span>
              <span className="small soft">{missing ? t.noneAccepted : t.aboutArm[arm]}</span>
            </span>
          </label>
        );
      })}
      {accepted === 0 && (
        <div>
          <Button onClick={() => goTo('review')}>{t.toReview}</Button>
        </div>
      )}
    </fieldset>
  );
}
