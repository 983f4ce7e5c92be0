'use machine';
// Types and codes of input events, with the names and numbers of Linux's evdev, which VIRTIO 1.2 §5.8 takes over. Here are those that the driver and
// most programs use; event-names.ts has all of them, by name.

import type { u16 } from '../base/machine.ts';

// Types
export const EV_SYN: u16 = 0x00;
export const EV_KEY: u16 = 0x01;
export const EV_REL: u16 = 0x02;
export const EV_ABS: u16 = 0x03;
export const EV_MSC: u16 = 0x04;
export const EV_SW: u16 = 0x05;
export const EV_LED: u16 = 0x11;
export const EV_SND: u16 = 0x12;
export const EV_REP: u16 = 0x14;

// EV_SYN
/** The end of a report. */
export const SYN_REPORT: u16 = 0;
/** Reports may have been lost before this one: what the program knows of keys and buttons may be old. */
export const SYN_DROPPED: u16 = 3;

// EV_KEY: some keys, which are numbered by their place on the keyboard, and the buttons of pointers
export const KEY_A: u16 = 30;
export const KEY_LEFTCTRL: u16 = 29;
export const KEY_LEFTSHIFT: u16 = 42;
export const KEY_RIGHTSHIFT: u16 = 54;
export const KEY_LEFTALT: u16 = 56;
export const KEY_CAPSLOCK: u16 = 58;
export const KEY_NUMLOCK: u16 = 69;
export const KEY_SCROLLLOCK: u16 = 70;
export const KEY_RIGHTCTRL: u16 = 97;
export const KEY_RIGHTALT: u16 = 100;
export const BTN_LEFT: u16 = 0x110;
export const BTN_RIGHT: u16 = 0x111;
export const BTN_MIDDLE: u16 = 0x112;
export const BTN_TOUCH: u16 = 0x14a;

/** The values of EV_KEY. */
export const KEY_RELEASED: u16 = 0;
export const KEY_PRESSED: u16 = 1;
export const KEY_REPEATED: u16 = 2;

// EV_REL
export const REL_X: u16 = 0x00;
export const REL_Y: u16 = 0x01;
export const REL_WHEEL: u16 = 0x08;

// EV_ABS
export const ABS_X: u16 = 0x00;
export const ABS_Y: u16 = 0x01;
/** Which finger the values that follow are of. */
export const ABS_MT_SLOT: u16 = 0x2f;
export const ABS_MT_POSITION_X: u16 = 0x35;
export const ABS_MT_POSITION_Y: u16 = 0x36;
/** Which touch the finger's slot is for; -1 ends it. */
export const ABS_MT_TRACKING_ID: u16 = 0x39;

// EV_LED
export const LED_NUML: u16 = 0x00;
export const LED_CAPSL: u16 = 0x01;
export const LED_SCROLLL: u16 = 0x02;

// Properties of a device
/** What is touched is what is shown there: a screen, in contrast to a pad. */
export const INPUT_PROP_DIRECT: u16 = 0x01;
