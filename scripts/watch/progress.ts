// A line that says what takes so long: after a second, and none for what is done by then.

import { paint } from '../paint.ts';

const STEP_MS = 1000;
const CLEAR_LINE = '\r\u001b[K';

/** The line of one piece of work. */
export interface Progress {
  /** Says what is being done now. */
  stage(name: string): void;
  /** Takes the line away. */
  end(): void;
}

/** Returns the line for work that begins now. It changes on a terminal, and is printed once elsewhere. `isSlow` shows it at once, where it is known to take longer. */
export const startProgress = (output: NodeJS.WriteStream, isSlow: boolean): Progress => {
  const startedMs = performance.now();
  let current: string | undefined;
  let isDue = isSlow;
  let isShown = false;
  const show = (): void => {
    if (!isDue || current === undefined || (isShown && !output.isTTY)) return;
    isShown = true;
    const seconds = Math.floor((performance.now() - startedMs) / 1000);
    const text = seconds > 0 ? `${current}, ${seconds} s …` : `${current} …`;
    output.write(output.isTTY ? `${CLEAR_LINE}${paint('dim', text)}` : `${text}\n`);
  };
  const timer = setInterval(() => {
    isDue = true;
    show();
  }, STEP_MS);
  return {
    stage(name) {
      current = name;
      show();
    },
    end() {
      clearInterval(timer);
      if (isShown && output.isTTY) output.write(CLEAR_LINE);
    },
  };
};
