// Random programs over timers and immediates, which two implementations run under the same simulated clock.

/** A timer of either implementation. */
export interface AnyTimer {
  ref(): unknown;
  unref(): unknown;
  hasRef(): boolean;
  refresh(): unknown;
  close(): unknown;
  readonly number: number;
}

/** An immediate of either implementation. */
export interface AnyImmediate {
  ref(): unknown;
  unref(): unknown;
  hasRef(): boolean;
}

/** What a program is given: the functions, and the loop's phases. Time is in milliseconds. */
export interface TimerApi {
  setTimeout(callback: (...values: unknown[]) => void, delay?: unknown, ...values: unknown[]): AnyTimer;
  setInterval(callback: (...values: unknown[]) => void, delay?: unknown, ...values: unknown[]): AnyTimer;
  setImmediate(callback: (...values: unknown[]) => void, ...values: unknown[]): AnyImmediate;
  clearTimeout(timer?: unknown): void;
  clearImmediate(immediate?: AnyImmediate): void;
  now(): number;
  pass(milliseconds: number): void;
  runTimers(): void;
  runImmediates(): void;
  runJobs(): void;
  /** Whether a timer, and whether an immediate keeps the program alive. */
  areRef(): readonly [boolean, boolean];
}

const DELAYS = [1, 1, 2, 2, 3, 5, 5, 7, 10, 20, 20.7, 50, 0, -4, Number.NaN, undefined, 2 ** 31, 1.5];
const ACTIONS_MAX = 400;
const TURNS = 120;

/** Runs the programs of the seeds 1 to `count`. Returns what happened in each, one line an event. */
export const exercises = (api: TimerApi, count: number): string[][] =>
  Array.from({ length: count }, (_, index) => exercise(api, index + 1));

const exercise = (api: TimerApi, seed: number): string[] => {
  const log: string[] = [];
  const timers: AnyTimer[] = [];
  const immediates: AnyImmediate[] = [];
  let state = seed;
  let actions = 0;
  const random = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const some = <T>(list: readonly T[]): T | undefined => list[random(list.length)];
  const say = (text: string): void => {
    const [timers, immediates] = api.areRef();
    log.push(`${api.now()} ${text}${timers ? ' T' : ''}${immediates ? ' I' : ''}`);
  };

  const act = (): void => {
    actions += 1;
    if (actions > ACTIONS_MAX) return;
    const name = actions;
    const react = (...values: unknown[]): void => {
      say(`${name} runs with ${values.join()}`);
      for (let count = random(3); count > 0; count--) act();
    };
    const timer = some(timers);
    const immediate = some(immediates);
    switch (random(15)) {
      case 0:
      case 1:
      case 2:
      case 3:
        timers.push(api.setTimeout(react, some(DELAYS), name));
        break;
      case 4:
        timers.push(api.setInterval(react, some(DELAYS)));
        break;
      case 5:
      case 6:
        immediates.push(api.setImmediate(react, name, 'now'));
        break;
      case 7:
        queueMicrotask(() => react('a job'));
        break;
      case 8:
        api.clearTimeout(random(2) === 0 ? timer : timer?.number);
        break;
      case 9:
        timer?.refresh();
        break;
      case 10:
        timer?.unref();
        say(`${timer?.hasRef()}`);
        break;
      case 11:
        timer?.ref();
        immediate?.ref();
        break;
      case 12:
        api.pass(random(4));
        break;
      case 13:
        api.clearImmediate(immediate);
        break;
      case 14:
        if (random(2) === 0) immediate?.unref();
        else timer?.close();
        say(`${immediate?.hasRef()}`);
        break;
    }
  };

  for (let turn = 0; turn < TURNS; turn++) {
    for (let count = random(4); count > 0; count--) act();
    api.runJobs();
    say(`turn ${turn}`);
    api.runTimers();
    api.runJobs();
    api.runImmediates();
    api.runJobs();
    api.pass(random(3) === 0 ? random(60) : random(4));
  }

  // Nothing may be left for the next program.
  for (const timer of timers) timer.close();
  for (const immediate of immediates) api.clearImmediate(immediate);
  api.pass(1000);
  api.runTimers();
  api.runImmediates();
  return log;
};
