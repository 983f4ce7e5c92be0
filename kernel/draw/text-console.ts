// A text console on a scanout of a graphics device: characters in a grid, in 16 colours, with a cursor.
//
//   write ─▶ terminal.ts: cells ── end of the turn: paint what has changed ─▶ canvas ── one flush of that rectangle ─▶ host
//
// While a flush is under way, what is written goes into the cells only; the next flush has all of it. When the host would like another resolution, the console takes it
// and keeps its text.

import type { Canvas } from '../device/canvas.ts';
import { type DeviceError, DeviceFailure } from '../device/failure.ts';
import type { GpuDevice, Rectangle, Scanout, Surface } from '../device/gpu.ts';
import { paintCells } from './cells.ts';
import { theFont } from './glyphs.ts';
import { clearTerminal, resizeTerminal, Terminal, writeCharacter } from './terminal.ts';

/** A text console. */
export interface TextConsole {
  readonly columns: number;
  readonly rows: number;

  /**
   * Writes text behind what is there, and scrolls where it ends. It is seen soon behind the end of this turn. `\n` begins a new line; terminal.ts says which sequences of a
   * terminal it knows.
   */
  write(text: string): void;

  /** Clears the screen, and goes to its upper left corner. */
  clear(): void;

  /** Is fulfilled when all that was written so far is seen. Rejects with a DeviceFailure when the device has failed. */
  shown(): Promise<void>;

  /** Calls `listener` when there are more or fewer columns or rows. Returns the function that ends it. */
  onResize(listener: (columns: number, rows: number) => void): () => void;

  /** Ends it when all is seen: the scanout shows nothing, and the memory is back. The device stays open. */
  close(): Promise<void>;
}

interface State {
  readonly gpu: GpuDevice;
  readonly scanout: number;
  readonly terminal: Terminal;
  surface: Surface;
  listeners: ((columns: number, rows: number) => void)[];
  /** What the host said of the scanout when the console last took its resolution. */
  followed: Scanout | undefined;
  /** Until all is painted and flushed. */
  painting: Promise<void> | undefined;
  failure: DeviceFailure | undefined;
  isClosed: boolean;
}

/** Opens a console on a scanout, number 0 where none is said, in the resolution that the host would like. Rejects with a DeviceFailure. */
export const openTextConsole = async (gpu: GpuDevice, scanout = 0): Promise<TextConsole> => {
  const wanted = gpu.scanouts[scanout];
  if (wanted === undefined || !wanted.isEnabled) {
    throw new DeviceFailure('unsupported', `nobody looks at scanout ${scanout} of ${gpu.scanouts.length}`);
  }
  const { width, height } = wanted;
  const surface = await gpu.createSurface(width, height);
  const terminal = new Terminal();
  resizeTerminal(terminal, width, height);
  await gpu.show(scanout, surface);
  const state: State = {
    gpu,
    scanout,
    terminal,
    surface,
    listeners: [],
    followed: wanted,
    painting: undefined,
    failure: undefined,
    isClosed: false,
  };
  paintSoon(state);
  return consoleOf(state);
};

const consoleOf = (state: State): TextConsole => {
  const { gpu, terminal } = state;
  const end = gpu.onDisplayChange(() => paintSoon(state));
  return {
    get columns() {
      return terminal.grid.columns;
    },
    get rows() {
      return terminal.grid.rows;
    },
    write(text) {
      writeText(terminal, text);
      paintSoon(state);
    },
    clear() {
      clearTerminal(terminal);
      paintSoon(state);
    },
    shown: () => shown(state),
    onResize: (listener) => onResize(state, listener),
    async close() {
      end();
      await shown(state);
      state.isClosed = true;
      await state.surface.release();
    },
  };
};

/** Writes text into a terminal, without showing it. */
export const writeText = (terminal: Terminal, text: string): void => {
  for (let i = 0; i < text.length; i++) writeCharacter(terminal, text.charCodeAt(i));
};

const onResize = (state: State, listener: (columns: number, rows: number) => void): (() => void) => {
  state.listeners = [...state.listeners, listener];
  return () => {
    state.listeners = state.listeners.filter((each) => each !== listener);
  };
};

const shown = async (state: State): Promise<void> => {
  while (state.painting !== undefined) await state.painting;
  if (state.failure !== undefined) throw state.failure;
};

const paintSoon = (state: State): void => {
  if (state.failure === undefined && !state.isClosed) state.painting ??= paintAll(state);
};

/** Paints until nothing has changed since. */
const paintAll = async (state: State): Promise<void> => {
  await new Promise<void>((resolve) => setImmediate(() => resolve())); // All that this turn writes is painted at once.
  try {
    for (;;) {
      if (state.gpu.scanouts[state.scanout] !== state.followed) await followResolution(state);
      else if (paint(state)) await flushPainted(state);
      else break;
    }
  } catch (error) {
    if (!(error instanceof DeviceFailure)) throw error;
    state.failure = error;
  }
  state.painting = undefined;
};

const paint = ({ terminal, surface }: State): boolean => {
  const canvas: Canvas = surface.canvas;
  return paintCells(terminal.grid, canvas, theFont());
};

/** A flush that is lost with a reset of the device is made up for by its driver, which shows all of the canvas again. */
const flushPainted = async ({ terminal, surface }: State): Promise<void> => {
  const grid = terminal.grid;
  const area: Rectangle = { x: grid.paintedX, y: grid.paintedY, width: grid.paintedWidth, height: grid.paintedHeight };
  try {
    await surface.flush(area);
  } catch (error) {
    if (!(error instanceof DeviceFailure) || !isLoss(error)) throw error;
  }
};

const isLoss = ({ kind }: DeviceError): boolean => kind === 'timeout' || kind === 'device-reset';

/** Takes the resolution that the host would like. Where that does not succeed, the console stays as it is until the host would like another one. */
const followResolution = async (state: State): Promise<void> => {
  const { gpu, scanout, terminal } = state;
  const before = state.surface;
  const wanted: Scanout = gpu.scanouts[scanout]!;
  state.followed = wanted;
  const { width, height, isEnabled } = wanted;
  if (!isEnabled || (width === before.width && height === before.height)) return;
  let surface: Surface | undefined;
  try {
    surface = await gpu.createSurface(width, height);
    await gpu.show(scanout, surface);
  } catch (error) {
    if (!mayStay(error)) throw error;
    await surface?.release();
    return;
  }
  state.surface = surface;
  resizeTerminal(terminal, width, height); // All of it is to be painted.
  await before.release();
  for (const listener of state.listeners) listener(terminal.grid.columns, terminal.grid.rows);
};

/** Returns whether the device still does what it did before. */
const mayStay = (error: unknown): boolean =>
  error instanceof DeviceFailure && (error.kind === 'no-memory' || error.kind === 'io-error' || isLoss(error));
