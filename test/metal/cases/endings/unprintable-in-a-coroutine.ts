// ends 32
// says exception (its text cannot be made: toString threw)
import { runJobs } from '../../../../kernel/runtime/jobs.ts';

class Unprintable extends Error {
  override toString(): string {
    throw new Error('no text');
  }
}
await null;
void Promise.reject(new Unprintable());
// Jobs run by a function of an async function, as at an orderly end.
runJobs();
console.log('never');
