// Drawings of the tools and switches, in a box of 24 by 24.

import type { ToolName } from '../../canvas/index.ts';

export const TOOL_ICONS: Readonly<Record<ToolName, string>> = {
  brush: 'M4 20c1-4 3-4 4-3s1 3-4 3M8.5 16.5L19 6a1.8 1.8 0 0 0-2.6-2.6L6.5 13.5',
  eraser: 'M9 20h11M5 14l8.5-8.5a2 2 0 0 1 3 0l2.5 2.500a2 2 0 0 1 0 3L11 19.500H8zM9.500 9.500l5.500 5.500',
  polygon: 'M5 8l8-4 7 7-5 9-9-3zM5 8v.1M13 4v.1M20 11v.1M15 20v.1M6 17v.1',
  rectangle: 'M4 6h16v12H4z',
  ellipse:
    'M12 5.500c4.700 0 8.500 2.900 8.500 6.500s-3.800 6.500-8.500 6.500S3.500 15.600 3.500 12 7.300 5.500 12 5.500',
  wand: 'M4 20L14 10M15 3v4M13 5h4M19 9v4M17 11h4M9 4v2M8 5h2',
  fill: 'M5 12l7-7 7 7-7 7zM5 12h14M9 2l3 3M20.500 16c1 1.500 1.500 2.300 1.500 3a1.500 1.500 0 0 1-3 0c0-.7.5-1.500 1.500-3',
  snap: 'M6 4v8a6 6 0 0 0 12 0V4M6 8h4M14 8h4M10 4v8a2 2 0 0 0 4 0V4M6 4h4M14 4h4',
};

export const SWITCH_ICONS = {
  undo: 'M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6',
  redo: 'M15 7l5 5-5 5M20 12H10a6 6 0 0 0-6 6',
  masks: 'M3 12s3.500-6 9-6 9 6 9 6-3.500 6-9 6-9-6-9-6M12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5',
  outline: 'M6 5c4-3 11-1 13 4s-2 9-6 10-9 0-10-5 0-7 3-9',
  contrast: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 4v16M12 8h5M12 12h8M12 16h5',
  blink: 'M4 5h10v10H4zM10 9h10v10H10z',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  remove: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v6M14 11v6',
  rename: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
} as const;
