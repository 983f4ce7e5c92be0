// The free pages of the simulated machine.

import { theMachine } from '../machine.ts';

export * from '../../../kernel/hal/page-runs.ts';

export const pageRunTake = (pageCountMax: number, withUntouched: boolean): number =>
  theMachine().pages.takeRun(pageCountMax, withUntouched);

export const pageRunGive = (run: number): void => theMachine().pages.giveRun(run);

export const heldPrepare = (_list: number, _runCount: number): boolean => theMachine().pages.free().length > 0;

export const heldPut = (list: number, run: number): boolean => theMachine().pages.put(list, run);

export const heldTake = (list: number, pageCountMax: number): number => theMachine().pages.take(list, pageCountMax);

export const heldPageCount = (list: number): number => theMachine().pages.held[list]!.length;

export const heldSetLending = (mayLend: boolean): void => {
  theMachine().pages.mayLend = mayLend;
};
