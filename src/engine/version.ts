// The engine's version: part of every run's identity. A test keeps it equal to package.json.

export const ENGINE_VERSION = '0.1.0';
