// The job queue on Node, which belongs to Node: jobs run when a test gives way. Where jobs must run behind each callback, a test that
// stands in no job itself can ask for it.

/** Runs the waiting jobs where Node lets it: called out of a job it does nothing. */
export const runJobs = (): void => (process as unknown as { _tickCallback(): void })._tickCallback();
