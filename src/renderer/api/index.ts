// What stations use of the connection.

export { ConnectionContext, useConnection, useEngine, useHost, useHostState } from './context.ts';
export { isRunning, type JobInfo, type JobRequest, startJob, useJob, useJobEvents, useJobs } from './jobs.ts';
export { type MediaRef, type MediaView, mediaUrl, useDroppedPath } from './media.ts';
export { invalidate } from './query-cache.ts';
export { createStore, type Store, useStore } from './store.ts';
export { type Mutation, useMutation } from './use-mutation.ts';
export { type Query, useQuery } from './use-query.ts';
export {
  type ProductInfo,
  useProduct,
  useRemembered,
  useStored,
  useWorkspace,
  type WorkspaceInfo,
} from './workspace.ts';
