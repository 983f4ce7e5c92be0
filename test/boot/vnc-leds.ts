// A VNC client that only looks at the keyboard's LEDs: they are what QEMU tells its displays of what a guest has told a keyboard.
//
//   The pseudo-encoding for LEDs (-261): a rectangle with one byte, scroll 1, num 2, caps 4.

import { openVnc } from './vnc.ts';

const LED_STATE = -261;

/** What LEDs are lit, as VNC sees it. */
export interface LedWatch {
  /** Each state that QEMU told, the first one included. */
  readonly states: number[];
  /** Is fulfilled when the last state told is `state`; rejects when the connection ends before. */
  waitFor(state: number): Promise<void>;
  close(): void;
}

/** Connects to the VNC server at a Unix socket, and watches the LEDs from then on. */
export const watchLeds = async (path: string): Promise<LedWatch> => {
  const states: number[] = [];
  let look = (): void => {};
  let failure: Error | undefined;

  const { close } = await openVnc(
    path,
    [LED_STATE],
    async ({ encoding }, read) => {
      if (encoding !== LED_STATE) throw new Error(`the VNC server sent a rectangle of encoding ${encoding}`);
      states.push((await read(1))[0]!);
      look();
    },
    (error) => {
      failure = error;
      look();
    },
  );

  return {
    states,
    waitFor: (state) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (states.at(-1) === state) resolve();
          else if (failure !== undefined) reject(failure);
        };
        look();
      }),
    close,
  };
};
