// The station Export: not built yet, which it says.

import { useTexts } from '../../texts/index.ts';
import { EmptyState } from '../../ui/index.ts';
import { station } from './station.ts';

export default function Page() {
  const t = useTexts('export');
  return <EmptyState icon={station.icon} title={t.title} text={`${t.purpose} ${t.coming}`} />;
}
