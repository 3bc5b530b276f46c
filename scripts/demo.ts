// npm run demo: the demo command, with the foreground lock held so that pack training waits.

import { holdForeground } from './foreground.ts';

holdForeground('.work/foreground');
process.argv.splice(2, 0, 'demo');
await import('../src/hosts/cli/main.ts');
