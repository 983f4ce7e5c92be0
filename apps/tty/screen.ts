// A terminal of a keyboard and a screen: what is typed on any keyboard of the machine, and a text console on the first graphics device.

import { openGpu } from '../../drivers/open/gpu.ts';
import { openInputs } from '../../drivers/open/input.ts';
import { devicePlaces } from '../../drivers/open/places.ts';
import { TYPE_GPU } from '../../drivers/virtio/ids.ts';
import { log } from '../../kernel/base/log.ts';
import { LED_CAPSL, LED_NUML } from '../../kernel/device/event-codes.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import type { InputDevice } from '../../kernel/device/input.ts';
import { usKeyboard } from '../../kernel/device/keyboard-layout.ts';
import { openTextConsole } from '../../kernel/draw/text-console.ts';
import type { Terminal } from './terminal.ts';

/** Returns the terminal in a list, and an empty one where the machine has no screen or no keyboard. The log says why a device did not come up. */
export const screenTerminals = async (): Promise<Terminal[]> => {
  if (!devicePlaces().some(({ type }) => type === TYPE_GPU)) return [];
  const keyboards = (await openInputs()).filter(({ kind }) => kind === 'keyboard');
  if (keyboards.length === 0) return [];
  try {
    const gpu = await openGpu();
    const screen = await openTextConsole(gpu);
    const typed = newTyped();
    const stops = keyboards.map((keyboard) => listen(keyboard, typed));
    return [
      {
        name: `${gpu.name} and a keyboard`,
        get columns() {
          return screen.columns;
        },
        read: () => readTyped(typed),
        write: (text) => {
          screen.write(text);
          return screen.shown();
        },
        close: () => {
          for (const stop of stops) stop();
          typed.fail(new DeviceFailure('closed', 'the terminal is closed'));
        },
      },
    ];
  } catch (error) {
    if (!(error instanceof DeviceFailure)) throw error;
    log('warn', 'screen', `${error.kind}: ${error.message}`);
    return [];
  }
};

/** Text that was typed, until somebody reads it. */
interface Typed {
  text: string;
  /** Who waits for some. */
  tell: () => void;
  fail: (reason: DeviceFailure) => void;
}

const newTyped = (): Typed => ({ text: '', tell: () => {}, fail: () => {} });

const readTyped = (typed: Typed): Promise<string> =>
  new Promise((resolve, reject) => {
    typed.fail = reject;
    typed.tell = () => {
      if (typed.text === '') return;
      resolve(typed.text);
      typed.text = '';
      typed.tell = () => {};
    };
    typed.tell();
  });

/** Adds what a keyboard types, and lights its LEDs. Returns the function that ends it. */
const listen = (keyboard: InputDevice, typed: Typed): (() => void) => {
  const layout = usKeyboard();
  const light = (led: number, isOn: boolean): void => {
    keyboard.setLed(led, isOn).catch(() => {}); // One without LEDs types all the same.
  };
  return keyboard.onReport(
    (report) => {
      const { hasCapsLock, hasNumLock } = layout;
      for (const event of report) typed.text += layout.textOf(event);
      typed.tell();
      if (layout.hasCapsLock !== hasCapsLock) light(LED_CAPSL, layout.hasCapsLock);
      if (layout.hasNumLock !== hasNumLock) light(LED_NUML, layout.hasNumLock);
    },
    (failure) => log('warn', keyboard.name, `${failure.kind}: ${failure.message}`),
  );
};
