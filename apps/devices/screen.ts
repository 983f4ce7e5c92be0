// The list on a screen, where the machine has one.

import { openGpu } from '../../drivers/open/gpu.ts';
import { devicePlaces } from '../../drivers/open/places.ts';
import { TYPE_GPU } from '../../drivers/virtio/ids.ts';
import { log } from '../../kernel/base/log.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import { openTextConsole } from '../../kernel/draw/text-console.ts';

const NAME_WIDTH = 30;
const NAME_COLOUR = '\u001b[92m';
const PLAIN = '\u001b[0m';
const NO_CURSOR = '\u001b[?25l';

/** Shows lines on the first screen of the first graphics device, what stands before column 30 in colour. Is fulfilled when they are seen, or there is no screen. */
export const showOnScreen = async (lines: readonly string[]): Promise<void> => {
  if (!devicePlaces().some(({ type }) => type === TYPE_GPU)) return;
  try {
    const text = await openTextConsole(await openGpu());
    text.write(screenText(lines));
    await text.shown();
  } catch (error) {
    if (!(error instanceof DeviceFailure)) throw error;
    log('error', 'screen', error.message);
  }
};

/** Returns what goes to the screen. */
export const screenText = (lines: readonly string[]): string => {
  let text = NO_CURSOR;
  for (const line of lines) text += `${NAME_COLOUR}${line.slice(0, NAME_WIDTH)}${PLAIN}${line.slice(NAME_WIDTH)}\n`;
  return text;
};
