// The global performance: High Resolution Time, https://w3c.github.io/hr-time/. Its time origin is the kernel's first instruction.

import { clockNow, clockWall } from '../hal/clock.ts';

const NS_PER_MS = 1_000_000;

let origin = -1;

/** performance.now(): milliseconds since kernel entry, with a fraction. */
export const performanceNow = (): number => clockNow() / NS_PER_MS;

/** performance.timeOrigin: the date of kernel entry, in milliseconds since 1970. */
export const timeOrigin = (): number => {
  if (origin < 0) origin = clockWall() - Math.floor(clockNow() / NS_PER_MS);
  return origin;
};

class PerformanceObject {
  get timeOrigin(): number {
    return timeOrigin();
  }
  now(): number {
    return performanceNow();
  }
}

/** The global performance. */
export const performanceObject = new PerformanceObject();
