// The choice for the product on screen, remembered in the workspace.

import { useStored } from '../../api/index.ts';
import { type Change, type Choice, FIRST_CHOICE } from './choice.ts';

export function useChoice(product: string): [Choice, Change] {
  const [choices, store] = useStored<Record<string, Choice>>('fine-tune.choices', {});
  const choice: Choice = { ...FIRST_CHOICE, ...choices[product] };
  return [choice, (change) => store({ ...choices, [product]: { ...choice, ...change } })];
}
