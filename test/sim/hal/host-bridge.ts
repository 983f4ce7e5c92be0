// The host bridge of the simulated machine: what its windows are, a test says.

import { theMachine } from '../machine.ts';

export * from '../../../kernel/hal/host-bridge.ts';

export const hostWindowStart = (window: number): number => theMachine().hostWindows[window]?.start ?? 0;

export const hostWindowEnd = (window: number): number => theMachine().hostWindows[window]?.end ?? 0;

export const hostWindowsAreFromAcpi = (): boolean => true;
