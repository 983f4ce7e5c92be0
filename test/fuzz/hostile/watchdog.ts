// Ends a run in which a driver goes round and round without an access that the simulated machine could count: says which episode that is, from a thread of its own.

import { Worker } from 'node:worker_threads';

/** No episode takes a hundredth of it on a machine that has other things to do, too. */
const EPISODE_SECONDS_MAX = 300;

/** In a thread whose main one stands still, nothing is written but directly. */
const THREAD = `
const { parentPort } = require('node:worker_threads');
const { writeSync } = require('node:fs');
let timer;
parentPort.on('message', (name) => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    writeSync(2, name + ': the driver does not come to an end\\n');
    process.kill(process.pid, 'SIGKILL');
  }, ${EPISODE_SECONDS_MAX * 1000});
});
`;

/** Watches over episodes, one after the other. */
export class Watchdog {
  private readonly thread = new Worker(THREAD, { eval: true });

  constructor() {
    this.thread.unref();
  }

  /** An episode begins, and the one before it has ended. */
  begin(name: string): void {
    this.thread.postMessage(name);
  }

  async end(): Promise<void> {
    await this.thread.terminate();
  }
}
