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
      <div className="help">
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
      </div>
    </Dialog>
  );
}
