// What an input device says of itself, as its users see it. VIRTIO 1.2 §5.8.4

import {
  ABS_MT_POSITION_X,
  ABS_X,
  ABS_Y,
  EV_ABS,
  EV_KEY,
  EV_REL,
  KEY_A,
  REL_X,
  REL_Y,
} from '../../kernel/device/event-codes.ts';
import type { InputAxis, InputKind } from '../../kernel/device/input.ts';
import { type Answer, type Axis, type Facts, hasCode } from './facts.ts';

/** Returns the text of an answer: what stands before the first zero byte, as UTF-8. What is none, and what would move a cursor, becomes U+FFFD and a full stop. */
export const textOf = (answer: Answer): string => {
  let length = 0;
  while (length < answer.length && answer.bytes[length] !== 0) length++;
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = answer.bytes[i];
  const decoded = new TextDecoder().decode(bytes);
  let text = '';
  for (let i = 0; i < decoded.length; i++) {
    const letter = decoded.charAt(i);
    text += isControl(decoded.charCodeAt(i)) ? '.' : letter;
  }
  return text;
};

const isControl = (code: number): boolean => code < 0x20 || (code >= 0x7f && code < 0xa0);

/** Returns what the device is. A touch screen may say that it is a tablet as well, and a mouse has a few keys: the more particular comes first. */
export const kindOf = (facts: Facts): InputKind => {
  if (hasCode(facts, EV_ABS, ABS_MT_POSITION_X)) return 'touch';
  if (hasCode(facts, EV_ABS, ABS_X) && hasCode(facts, EV_ABS, ABS_Y)) return 'tablet';
  if (hasCode(facts, EV_REL, REL_X) && hasCode(facts, EV_REL, REL_Y)) return 'mouse';
  return hasCode(facts, EV_KEY, KEY_A) ? 'keyboard' : 'other';
};

/** Returns the values of an axis, undefined when the device has not announced it. */
export const axisOf = (facts: Facts, code: number): InputAxis | undefined => {
  if (!hasCode(facts, EV_ABS, code)) return undefined;
  const axis: Axis = facts.axes[code];
  return {
    minimum: axis.minimum,
    maximum: axis.maximum,
    fuzz: axis.fuzz,
    flat: axis.flat,
    resolution: axis.resolution,
  };
};
