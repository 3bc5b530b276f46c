// The bridge between main and window. It will pass the engine's port and a small `platform` object; nothing yet.

import { contextBridge } from 'electron';

contextBridge.exposeInMainWorld('platform', { os: process.platform });
