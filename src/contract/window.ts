// To be imported before any schema in a window: its policy forbids making code from text, which the schemas would
// otherwise try for speed as soon as they are made.

import * as z from 'zod';

z.config({ jitless: true });
