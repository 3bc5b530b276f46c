// The window: connects, and shows the app.

import '../contract/window.ts';

import { createRoot } from 'react-dom/client';
import { connect } from './api/connect.ts';
import { ConnectionContext } from './api/context.ts';
import { setMediaBase } from './api/media.ts';
import { App } from './app/app.tsx';
import './ui/tokens.css';
import './ui/base.css';
import './ui/components.css';

const root = document.getElementById('root');
if (root === null) throw new Error('internal: index.html has no #root');
const connection = connect();
setMediaBase(connection.transport.mediaBase);
createRoot(root).render(
  <ConnectionContext value={connection}>
    <App />
  </ConnectionContext>,
);
