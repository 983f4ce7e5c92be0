// A panic for people: what an image prints (boot/panic.zig) with what only the host knows put in, the code and the columns.
//
//   PANIC uncaught exception (status 32)            as it came
//     Error: disk on fire                           as it came
//
//     > 19 |   throw new Error('disk on fire');     where it began
//          |         ^
//
//     at readSector (apps/x/main.ts:19:9)           with its column
//     …                                             as it came

import { type Place, placeOfFrame } from './place.ts';
import { codeFrame, type Sources } from './source.ts';

/** Takes the lines of a guest and puts in what explains a panic. Lines have no ends. */
export interface Explainer {
  /** Returns what is to be shown now; a line that is no part of a panic as it is. */
  line(text: string): readonly string[];
  /** Returns what is held back: the backtrace is shown when it is whole. */
  flush(): readonly string[];
  /** Returns the last of it, when the guest has ended. */
  end(): readonly string[];
  /** Whether a panic has begun. */
  readonly isInPanic: boolean;
}

/** How the parts of a panic are shown. */
export interface Style {
  readonly caret: (text: string) => string;
  readonly dim: (text: string) => string;
}

export const PLAIN: Style = { caret: (text) => text, dim: (text) => text };
export const COLOURED: Style = {
  caret: (text) => `\u001b[31m${text}\u001b[0m`,
  dim: (text) => `\u001b[2m${text}\u001b[0m`,
};

const PANIC = /^PANIC (.+) \(status \d+\)\r?$/;
const FRAME = /^ {2}at (async )?(.+?)(?: \(([^()]+):(\d+)\))?\r?$/;
/** A place that the image knows to the column: of an assertion, of checked arithmetic. */
const EXACT_PLACE = /\b([\w./@-]+\.ts):(\d+):(\d+)\b/;

/** What the innermost frame has called, where the message says that it began with a call. */
const FIRST_CALLEES: Readonly<Record<string, string>> = { panic: 'panic', 'assertion failed': 'assert' };

/** A place of a named source. */
interface SourcePlace extends Place {
  readonly file: string;
}

/** A line of kernel/base/log.ts. */
const LOGGED = /^(error|warn|info|debug) \S.*: /;
/** So many of them are shown again, unless they all stand among so many lines above the panic. */
const LOGGED_MAX = 32;
const NEAR_MAX = 10;

interface Frame {
  readonly name: string;
  readonly file: string | undefined;
  readonly line: number;
  readonly isAsync: boolean;
}

/** Returns an explainer that looks into `sources`. */
export const createExplainer = (sources: Sources, style: Style): Explainer => {
  let kind: string | undefined;
  let told: SourcePlace | undefined; // By the message.
  let frames: Frame[] = []; // Of the backtrace, as far as it has come.
  let isBacktraceShown = false;
  const logged: { readonly text: string; readonly number: number }[] = [];
  let lineCount = 0; // Before the panic.

  const showBacktrace = (): string[] => {
    const shown = backtrace(frames, told, FIRST_CALLEES[kind as string], sources, style);
    frames = [];
    isBacktraceShown = true;
    return shown;
  };

  const line = (text: string): string[] => {
    if (kind === undefined) {
      kind = PANIC.exec(text)?.[1];
      if (kind !== undefined) return [text];
      lineCount += 1;
      if (LOGGED.test(text)) logged.push({ text, number: lineCount });
      if (logged.length > LOGGED_MAX) logged.shift();
      return [text];
    }
    if (isBacktraceShown) return [text];
    const frame = frameOf(text);
    if (frame !== undefined) {
      frames.push(frame);
      return [];
    }
    if (frames.length > 0) return [...showBacktrace(), text];
    told ??= placeIn(text);
    return [text];
  };

  return {
    line,
    flush: () => (frames.length === 0 ? [] : showBacktrace()),
    end() {
      const rest = frames.length === 0 ? [] : showBacktrace();
      const isNear = (logged[0]?.number ?? lineCount) > lineCount - NEAR_MAX;
      const lines = kind === undefined || isNear ? [] : ['log:', ...logged.map(({ text }) => `  ${text}`)];
      return [...rest, ...lines.map(style.dim)];
    },
    get isInPanic() {
      return kind !== undefined;
    },
  };
};

const placeIn = (text: string): SourcePlace | undefined => {
  const [, file, line, column] = EXACT_PLACE.exec(text) ?? [];
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) };
};

const frameOf = (text: string): Frame | undefined => {
  const found = FRAME.exec(text);
  if (found === null) return undefined;
  const [, isAsync, name = '', file, line] = found;
  return { name, file, line: Number(line ?? 0), isAsync: isAsync !== undefined };
};

/** Returns the code where the failure began, and the frames with their columns. */
const backtrace = (
  frames: readonly Frame[],
  told: SourcePlace | undefined,
  firstCallee: string | undefined,
  sources: Sources,
  style: Style,
): string[] => {
  const places = frames.map((frame, index) => {
    const isTold = index === 0 && frame.file === told?.file && frame.line === told?.line;
    return isTold ? told : placeOf(frame, index === 0 ? firstCallee : frames[index - 1]?.name, sources);
  });
  const beginning =
    told ?? places.find((place) => place !== undefined && !BELOW.test(place.file)) ?? places.find(Boolean);
  return [
    ...(beginning === undefined ? [] : codeAt(beginning, sources, style)),
    ...frames.map((frame, index) => frameLine(frame, places[index], style)),
  ];
};

/** What programs call and did not write: a failure there is shown where the program called it. */
const BELOW = /^(boot|kernel\/(runtime|hal|base))\//;

const placeOf = (frame: Frame, callee: string | undefined, sources: Sources): SourcePlace | undefined => {
  const { file, line, isAsync } = frame;
  const text = file === undefined ? undefined : sources(file);
  const place = text === undefined ? undefined : placeOfFrame(file as string, text, line, { callee, isAsync });
  return place && { file: file as string, ...place };
};

const codeAt = ({ file, line, column }: SourcePlace, sources: Sources, { caret, dim }: Style): string[] => {
  const text = sources(file);
  if (text === undefined) return [];
  const lines = codeFrame(text, line, column).map((each) => {
    if (each.endsWith('^')) return `${dim(each.slice(0, -1))}${caret('^')}`;
    return each.startsWith('  >') ? `${caret('  >')}${each.slice(3)}` : dim(each);
  });
  return ['', ...lines, ''];
};

const frameLine = ({ name, file, line, isAsync }: Frame, place: SourcePlace | undefined, { dim }: Style): string => {
  const at = `  at ${isAsync ? 'async ' : ''}${name}`;
  if (file === undefined) return dim(at);
  const shown = `${file}:${place === undefined ? line : `${place.line}:${place.column}`}`;
  return BELOW.test(file) ? dim(`${at} (${shown})`) : `${at} (${shown})`;
};
