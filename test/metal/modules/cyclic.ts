import { middle } from '../cases/refused/cyclic-import.ts';
export const circle = (): number => middle;
