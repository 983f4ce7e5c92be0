// Events that a SCSI host reports by itself: units that come, go or change. VIRTIO 1.2 §5.6.6.3

import { log } from '../../kernel/base/log.ts';
import { BUFFERS_BROKEN, takeReturned } from '../virtio/buffers.ts';
import { lookAtBroken } from '../virtio/live.ts';
import { giveEvents, readEvent } from './controller.ts';
import {
  EVENT_ASYNC_NOTIFY,
  EVENT_NONE,
  EVENT_PARAMETER_CHANGE,
  EVENT_TRANSPORT_RESET,
  EVENTS_MISSED,
  REASON_HARD,
  REASON_REMOVED,
  REASON_RESCAN,
} from './registers.ts';
import { removeUnit, scanSoon } from './scan.ts';
import type { Bus, Unit } from './state.ts';
import { refreshSoon } from './units.ts';

/** Takes the events that are there. Returns whether there were any. */
export const pollEvents = (bus: Bus): boolean => {
  const { live, controller } = bus;
  if (live.state !== 'live') return false;
  let index: number = takeReturned(controller.events);
  const hasTaken = index >= 0;
  while (index >= 0) {
    if (readEvent(controller, index)) handle(bus);
    else complain(bus, 'an event that is too short');
    index = takeReturned(controller.events);
  }
  if (index === BUFFERS_BROKEN || (hasTaken && !giveEvents(controller))) lookAtBroken(live, controller.events.queue);
  return hasTaken;
};

/** Acts on the event that was read last. */
const handle = (bus: Bus): void => {
  const { controller } = bus;
  const target: number = controller.eventTarget;
  const lun: number = controller.eventLun;
  const reason: number = controller.eventReason;
  const code: number = controller.eventCode;
  const isMissed = code >= EVENTS_MISSED;
  const unit = bus.units.find((each) => each.target === target && each.lun === lun);
  if (isMissed) {
    log('warn', bus.live.name, 'events were missed, the bus is scanned');
    scanSoon(bus);
    for (const each of bus.units) void refreshSoon(each, false); // Of the others it is not known what has changed.
  }
  switch (isMissed ? code - EVENTS_MISSED : code) {
    case EVENT_NONE:
    case EVENT_ASYNC_NOTIFY: // Nobody has subscribed to any.
      break;
    case EVENT_TRANSPORT_RESET:
      handleReset(bus, unit, reason);
      break;
    case EVENT_PARAMETER_CHANGE:
      if (unit !== undefined) void refreshSoon(unit, false);
      break;
    default:
      complain(bus, `event ${code}`);
  }
};

const handleReset = (bus: Bus, unit: Unit | undefined, reason: number): void => {
  switch (reason) {
    case REASON_HARD:
      if (unit !== undefined) void refreshSoon(unit, false);
      break;
    case REASON_RESCAN:
      scanSoon(bus);
      break;
    case REASON_REMOVED:
      if (unit !== undefined) removeUnit(bus, unit);
      else scanSoon(bus); // It may be about to be found.
      break;
    default:
      complain(bus, `a reset for reason ${reason}`);
  }
};

const complain = (bus: Bus, what: string): void => {
  if (bus.complaintsLeft === 0) return;
  bus.complaintsLeft -= 1;
  log('warn', bus.live.name, `the device reported ${what}`);
};
