// The connection, for every component.

import { createContext, useContext } from 'react';
import type { FlawsmithClient } from '../../contract/contract.ts';
import type { HostClient, HostState } from '../../contract/host/host-contract.ts';
import { invariant } from '../../core/base/errors.ts';
import type { Connection } from './connection.ts';
import { useStore } from './store.ts';

export const ConnectionContext = createContext<Connection | null>(null);

export function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  invariant(connection !== null, 'a component outside the connection');
  return connection;
}

/** The engine of the open workspace; calls wait while it is restarted. */
export function useEngine(): FlawsmithClient {
  return useConnection().engine;
}

export function useHost(): HostClient {
  return useConnection().host;
}

/** Null before the host has said anything. */
export function useHostState(): HostState | null {
  return useStore(useConnection().state);
}
