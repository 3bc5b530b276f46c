// The window: a shell so far, which says so.

import { createRoot } from 'react-dom/client';

function Shell() {
  return (
    <main>
      <h1>Flawsmith</h1>
      <p>The window comes with a later version.</p>
      <p>
        Until then everything works on the command line: <code>npm run -s flawsmith -- help</code>
      </p>
    </main>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('internal: index.html has no #root');
createRoot(root).render(<Shell />);
