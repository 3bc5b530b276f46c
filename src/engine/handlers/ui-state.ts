// uiState.all and uiState.put: what the window remembers.

import type { EngineContext } from '../engine-context.ts';
import { listUiState, putUiState } from '../store/ui-state.ts';

export async function allUiState(context: EngineContext) {
  const { db } = await context.writable();
  return { values: listUiState(db) as Record<string, never> };
}

export async function storeUiState(context: EngineContext, input: { key: string; value: unknown }) {
  const { db } = await context.writable();
  putUiState(db, input.key, input.value);
  return {};
}
