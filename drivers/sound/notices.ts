// What a sound device says without being asked, to those who want to know. VIRTIO 1.2 §5.14.6.5, §5.14.6.7; VIRTIO 1.3 §5.14.6.10.4.

import { hex } from '../../kernel/base/hex.ts';
import { giveUpLive, lookAtBroken } from '../virtio/live.ts';
import { noteChange } from './controls.ts';
import { EVENT_BROKEN, EVENT_NONE, EVENT_OK, takeEvent } from './events.ts';
import { setConnected } from './jacks.ts';
import {
  EVENT_CTL_NOTIFY,
  EVENT_JACK_CONNECTED,
  EVENT_JACK_DISCONNECTED,
  EVENT_PCM_PERIOD_ELAPSED,
  EVENT_PCM_XRUN,
  EVENT_SIZE,
} from './registers.ts';
import { complain, type Sound } from './state.ts';
import { noteXrun } from './streams.ts';

const CONTROL_COUNT = 0x10000;

/** Takes what the device has said. Returns whether there was anything. Part of the driver's poll. */
export const pollEvents = (sound: Sound): boolean => {
  const { live, record } = sound;
  const events = record.events;
  let code: number = takeEvent(events); // No more than it had buffers: those go back when all were taken.
  const hasTaken = code === EVENT_OK;
  while (code === EVENT_OK) {
    pass(sound, events.code, events.data);
    if (live.state !== 'live') return true; // A listener has closed it.
    code = takeEvent(events);
  }
  if (code === EVENT_BROKEN) lookAtBroken(live, events.buffers.queue);
  else if (code !== EVENT_NONE) {
    const message = `the device returned an event of ${events.length} bytes, expected ${EVENT_SIZE}`;
    giveUpLive(live, { kind: 'wrong-answer', message });
  }
  return hasTaken;
};

/** What is about nothing that there is, is ignored; the log says so. */
const pass = (sound: Sound, code: number, data: number): void => {
  if (!isPassed(sound, code, data)) complain(sound, `it sent event 0x${hex(code, 4)} about ${data}, which is ignored`);
};

const isPassed = (sound: Sound, code: number, data: number): boolean => {
  switch (code) {
    case EVENT_JACK_CONNECTED as number:
    case EVENT_JACK_DISCONNECTED as number: {
      const jack = sound.jacks[data];
      if (jack !== undefined) setConnected(sound, jack, code === EVENT_JACK_CONNECTED);
      return jack !== undefined;
    }
    case EVENT_PCM_PERIOD_ELAPSED as number:
    case EVENT_PCM_XRUN as number:
      return isOfStream(sound, code, data);
    case EVENT_CTL_NOTIFY as number: {
      const control = sound.controls[data % CONTROL_COUNT];
      if (control !== undefined) void noteChange(sound, control, Math.floor(data / CONTROL_COUNT));
      return control !== undefined;
    }
    default:
      return false;
  }
};

/** Of a stream that was closed meanwhile nobody wants to know. */
const isOfStream = (sound: Sound, code: number, index: number): boolean => {
  const state = sound.streams.find(({ info }) => info.index === index);
  if (state === undefined) return index < sound.device.streams.length;
  if (code === EVENT_PCM_PERIOD_ELAPSED) for (const listener of state.periodListeners) listener();
  else if (!state.info.reportsXruns)
    return false; // It was not asked for that.
  else noteXrun(state);
  return true;
};
