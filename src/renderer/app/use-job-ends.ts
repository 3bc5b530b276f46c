// When a job ends, what it changed is loaded again, and a failure is told.

import { useEffect, useRef } from 'react';
import { isRunning, useJobs } from '../api/jobs.ts';
import { invalidate } from '../api/query-cache.ts';
import { showError } from '../ui/toast.tsx';

export function useJobEnds(): void {
  const jobs = useJobs();
  const running = useRef(new Set<string>());
  useEffect(() => {
    for (const job of jobs) {
      if (isRunning(job)) {
        if (!running.current.has(job.id)) invalidate('workspace');
        running.current.add(job.id);
      } else if (running.current.delete(job.id)) {
        invalidate();
        if (job.error !== null) showError(job.error);
      }
    }
  }, [jobs]);
}
