// The sheet of all keys that are on.

import { useState } from 'react';
import { useTexts } from '../texts/index.ts';
import { Dialog } from '../ui/dialog.tsx';
import { shownKey, useKeyGroups } from '../ui/keys.ts';

export function HelpSheet({ onClose }: { onClose(): void }) {
  const t = useTexts('app');
  const now = useKeyGroups();
  // As it was when the sheet was opened.
  const [groups] = useState(now);
  return (
    <Dialog title={t.keys} wide onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long sheet is scrolled by the keyboard */}
      <section className="help" tabIndex={0} aria-label={t.keys}>
        {groups.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.actions.map(({ keys, title }) => (
                <div key={keys}>
                  <dt>
                    {keys.split(' ').map((key) => (
                      <kbd key={key}>{shownKey(key)}</kbd>
                    ))}
                  </dt>
                  <dd>{title}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </section>
    </Dialog>
  );
}
