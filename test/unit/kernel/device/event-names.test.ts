import { describe, expect, it } from 'vitest';
import * as codes from '../../../../kernel/device/event-codes.ts';
import { eventCode, eventName } from '../../../../kernel/device/event-names.ts';

describe('names of events', () => {
  it.each([
    [0, 0, 'SYN_REPORT'],
    [0, 3, 'SYN_DROPPED'],
    [1, 1, 'KEY_ESC'],
    [1, 2, 'KEY_1'],
    [1, 11, 'KEY_0'],
    [1, 30, 'KEY_A'],
    [1, 57, 'KEY_SPACE'],
    [1, 83, 'KEY_KPDOT'],
    [1, 85, 'KEY_ZENKAKUHANKAKU'],
    [1, 111, 'KEY_DELETE'],
    [1, 0x110, 'BTN_LEFT'],
    [1, 0x112, 'BTN_MIDDLE'],
    [1, 0x130, 'BTN_SOUTH'],
    [1, 0x14a, 'BTN_TOUCH'],
    [1, 0x150, 'BTN_GEAR_DOWN'],
    [1, 0x160, 'KEY_OK'],
    [1, 0x2e7, 'BTN_TRIGGER_HAPPY40'],
    [2, 0, 'REL_X'],
    [2, 8, 'REL_WHEEL'],
    [2, 12, 'REL_HWHEEL_HI_RES'],
    [3, 0x28, 'ABS_MISC'],
    [3, 0x2f, 'ABS_MT_SLOT'],
    [3, 0x39, 'ABS_MT_TRACKING_ID'],
    [4, 4, 'MSC_SCAN'],
    [5, 0, 'SW_LID'],
    [17, 1, 'LED_CAPSL'],
    [18, 2, 'SND_TONE'],
    [20, 1, 'REP_PERIOD'],
  ])('of type %i and code %i: %s', (type, code, name) => {
    expect(eventName(type, code)).toBe(name);
    expect(eventCode(name)).toEqual({ type, code });
  });

  it('are numbers where there is none', () => {
    expect([eventName(1, 0x2ff), eventName(3, 0x7f), eventName(0x1f, 3)]).toEqual([
      'EV_KEY 0x2ff',
      'EV_ABS 0x7f',
      '0x1f 0x3',
    ]);
    expect([eventCode('KEY_NOTHING'), eventCode(''), eventCode('KEY:1')]).toEqual([undefined, undefined, undefined]);
  });

  it('agree with the constants that programs use', () => {
    const named = Object.entries(codes).filter(([name]) => eventCode(name) !== undefined);
    expect(named.length).toBeGreaterThan(25);
    for (const [name, value] of named) expect([name, eventCode(name)?.code]).toEqual([name, value]);
    const others = Object.keys(codes).filter((name) => eventCode(name) === undefined);
    expect(others.filter((name) => !/^(EV_|INPUT_PROP_|KEY_(RELEASED|PRESSED|REPEATED)$)/.test(name))).toEqual([]);
  });
});
