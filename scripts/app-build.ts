// npm run app:build: the desktop app's bundles, in out/.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApp } from './package/build-app.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
buildApp(ROOT, join(ROOT, 'out'));
