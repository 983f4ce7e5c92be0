// The text that console.log shows for any value: util.inspect of Node 20 with its defaults, for the values this machine has.
//
//   inspect ─▶ textOf ─▶ shapeOf (what it is, its parts) ─▶ layOut
//
// An error shows as Node shows one without stack frames: `[TypeError: text]`.

import { functionKind, generatorObject, promiseResult, promiseState } from './hidden.ts';
import { layOut, type Shape } from './layout.ts';
import { ownKeys, ownNames } from './own-keys.ts';
import { primitiveText } from './primitive-text.ts';
import { escaped, quoted } from './quote.ts';

const DEPTH_MAX = 2;
const ITEMS_MAX = 100;
const STRING_MAX = 10000;
const SHORT_STRING = 16; // A string up to here is never split into lines.
const LINE_LENGTH = 80;

/** The state of one inspection. */
interface Inspection {
  readonly depthMax: number;
  /** Whether properties that are not enumerable show, too. */
  readonly showsHidden: boolean;
  /** The objects being shown, outermost first. */
  readonly open: object[];
  /** Those that turned out to contain themselves; the position is the number of the reference. */
  readonly circular: object[];
  indentation: number;
  /** The depth of the innermost object begun last. */
  depth: number;
}

/** Returns what console.log shows for `value`; a string stands as it is. */
export const valueText = (value: unknown): string => (typeof value === 'string' ? value : inspect(value, DEPTH_MAX));

/**
 * Returns what Node's util.inspect shows for `value`, objects nested deeper than `depthMax` abbreviated. Throws TypeError where hidden properties are to
 * show of anything but arrays and plain objects: others have some here that they do not have on Node.
 */
export const inspect = (value: unknown, depthMax: number, showsHidden = false): string =>
  textOf({ depthMax, showsHidden, open: [], circular: [], indentation: 0, depth: 0 }, value, 0);

const textOf = (state: Inspection, value: unknown, depth: number): string => {
  if (typeof value === 'string') return stringText(state, value);
  if (typeof value === 'symbol') return value.toString();
  if (typeof value === 'function') return objectText(state, value, depth);
  if (typeof value === 'object' && value !== null) {
    if (!state.open.includes(value)) return objectText(state, value, depth);
    let reference = state.circular.indexOf(value);
    if (reference < 0) reference = state.circular.push(value) - 1;
    return `[Circular *${reference + 1}]`;
  }
  return primitiveText(value as number | boolean | null | undefined);
};

const stringText = (state: Inspection, value: string): string => {
  const text = value.slice(0, STRING_MAX);
  const more = value.length - text.length;
  const end = more === 0 ? '' : `... ${more} more character${more > 1 ? 's' : ''}`;
  if (text.length <= SHORT_STRING || text.length <= LINE_LENGTH - state.indentation - 4) return quoted(text) + end;
  const lines: string[] = [];
  let from = 0;
  while (from < text.length) {
    const at = text.indexOf('\n', from);
    const to = at < 0 ? text.length : at + 1;
    lines.push(quoted(text.slice(from, to)));
    from = to;
  }
  return lines.join(` +\n${' '.repeat(state.indentation + 2)}`) + end;
};

const objectText = (state: Inspection, value: object, depth: number): string => {
  const name = constructorName(value);
  const keys = keysOf(value, name);
  const symbols = Object.getOwnPropertySymbols(value);
  const shape = emptyShape(value, name);
  const hidden = state.showsHidden ? hiddenParts(value, keys.length) : [];
  if (hasNoParts(value) && keys.length + symbols.length + hidden.length === 0) {
    if (shape.base !== '') return shape.base;
    return shape.open + shape.close;
  }
  if (depth > state.depthMax) return abbreviation(value, name);

  state.open.push(value);
  state.depth = depth + 1;
  addItems(state, value, shape, depth + 1);
  if (hidden.length > 0) shape.isNumeric = false;
  for (const part of hidden) shape.parts.push(part);
  for (const key of keys) shape.parts.push(`${keyText(key)}: ${propertyText(state, value, key, depth + 1)}`);
  for (const symbol of symbols) {
    shape.parts.push(`[${escaped(symbol.toString(), true)}]: ${propertyText(state, value, symbol, depth + 1)}`);
  }
  const reference = state.circular.indexOf(value);
  if (reference >= 0)
    shape.base = shape.base === '' ? `<ref *${reference + 1}>` : `<ref *${reference + 1}> ${shape.base}`;
  state.open.pop();
  return layOut(shape, state.depth - (depth + 1), state.indentation);
};

/** Returns the text of each property that is not enumerable. */
const hiddenParts = (value: object, keyCount: number): string[] => {
  if (Array.isArray(value)) return [`[length]: ${value.length}`];
  const isOther = typeof value === 'function' || value instanceof Error || value instanceof RegExp;
  if (isOther || ArrayBuffer.isView(value) || ownNames(value).length !== keyCount)
    throw new TypeError('%o shows arrays and plain objects; write %O for anything else');
  return [];
};

const keysOf = (value: object, name: string | null): string[] => {
  if (name === 'AsyncGeneratorObject') return [];
  return Array.isArray(value) || ArrayBuffer.isView(value) ? namedKeys(value) : ownKeys(value);
};

const constructorName = (value: object): string | null => {
  if (Array.isArray(value)) return 'Array';
  if (value instanceof RegExp) return 'RegExp';
  if (value instanceof Promise) return 'Promise';
  let prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null) return null;
  while (prototype !== null) {
    const own = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value as { name?: string } | undefined;
    if (own !== undefined && own.name !== undefined && own.name !== '') return own.name;
    prototype = Object.getPrototypeOf(prototype);
  }
  return 'Object';
};

/** Returns how the value begins and ends when it has no properties, and where its parts go when it has. */
const emptyShape = (value: object, name: string | null): Shape => {
  const shape: Shape = { base: '', open: '{', close: '}', parts: [], isArray: false, isNumeric: false };
  if (typeof value === 'function') {
    shape.base = functionText(value);
  } else if (Array.isArray(value)) {
    shape.open = '[';
    shape.close = ']';
    shape.isArray = true;
    shape.isNumeric = value.every((item) => typeof item === 'number');
  } else if (value instanceof Map || value instanceof Set) {
    shape.open = `${name}(${value.size}) {`;
  } else if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    shape.open = `${name}(${(value as Uint8Array).length}) [`;
    shape.close = ']';
    shape.isArray = true;
    shape.isNumeric = true;
  } else if (value instanceof RegExp) {
    shape.base = String(value);
  } else if (value instanceof Date) {
    shape.base = Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  } else if (value instanceof Error) {
    shape.base = errorText(value, name);
  } else if (generatorObject(value) === 1) {
    shape.open = 'Object [Generator] {';
  } else if (name === 'AsyncGeneratorObject') {
    shape.open = 'Object [AsyncGenerator] {';
  } else if (name !== 'Object') {
    shape.open = `${prefixOf(name)}{`;
  }
  return shape;
};

const prefixOf = (name: string | null): string => (name === null ? '[Object: null prototype] ' : `${name} `);

const FUNCTION_KINDS = ['Function', 'AsyncFunction', 'GeneratorFunction', 'AsyncGeneratorFunction'];
const CLASS = 4;

const functionText = (value: object): string => {
  const { name } = value as { name: string };
  const kind = functionKind(value);
  if (kind === CLASS) return classText(value, name);
  return name === '' ? `[${FUNCTION_KINDS[kind]} (anonymous)]` : `[${FUNCTION_KINDS[kind]}: ${name}]`;
};

const classText = (value: object, name: string): string => {
  const base = (Object.getPrototypeOf(value) as { name?: string } | null)?.name;
  return `[class ${name === '' ? '(anonymous)' : name}${base ? ` extends ${base}` : ''}]`;
};

const errorText = (error: Error, className: string | null): string => {
  const name = className === 'DOMException' ? `${className} [${error.name}]` : error.name;
  const text = error.message === '' ? name : `${name}: ${error.message}`;
  return `[${text}]`;
};

/** Tells whether the value has nothing to show but its properties. */
const hasNoParts = (value: object): boolean => {
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Map || value instanceof Set) return value.size === 0;
  if (value instanceof DataView || value instanceof ArrayBuffer) return false;
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) return false;
  if (value instanceof Error) return !('cause' in value);
  return !ArrayBuffer.isView(value) || (value as Uint8Array).length === 0;
};

const abbreviation = (value: object, name: string | null): string => {
  if (name === null) return '[Object: null prototype]';
  if (Array.isArray(value)) return '[Array]';
  return `[${name}]`;
};

const addItems = (state: Inspection, value: object, shape: Shape, depth: number): void => {
  state.indentation += 2;
  if (Array.isArray(value)) addElements(state, value, shape, depth);
  else if (value instanceof Map) {
    value.forEach((item, key) => {
      if (shape.parts.length < ITEMS_MAX)
        shape.parts.push(`${textOf(state, key, depth)} => ${textOf(state, item, depth)}`);
    });
    addRemainder(shape, value.size - ITEMS_MAX, 'item');
  } else if (value instanceof Set) {
    value.forEach((item) => {
      if (shape.parts.length < ITEMS_MAX) shape.parts.push(textOf(state, item, depth));
    });
    addRemainder(shape, value.size - ITEMS_MAX, 'item');
  } else if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const numbers = value as Uint8Array;
    for (let i = 0; i < numbers.length && i < ITEMS_MAX; i++) shape.parts.push(primitiveText(numbers[i] as number));
    addRemainder(shape, numbers.length - ITEMS_MAX, 'item');
  } else if (value instanceof ArrayBuffer) addBytes(value, shape);
  else if (value instanceof DataView) {
    shape.parts.push(`byteLength: ${value.byteLength}`, `byteOffset: ${value.byteOffset}`);
    shape.parts.push(`buffer: ${textOf(state, value.buffer, depth)}`);
  } else if (value instanceof WeakMap || value instanceof WeakSet) shape.parts.push('<items unknown>');
  else if (value instanceof Promise) addResult(state, value, shape, depth);
  else if (value instanceof Error && 'cause' in value)
    shape.parts.push(`[cause]: ${textOf(state, value.cause, depth)}`);
  state.indentation -= 2;
};

const addElements = (state: Inspection, array: readonly unknown[], shape: Shape, depth: number): void => {
  let at = 0;
  while (at < array.length && shape.parts.length < ITEMS_MAX) {
    let hole = at;
    while (hole < array.length && !Object.hasOwn(array, hole)) hole += 1;
    if (hole > at) {
      shape.parts.push(`<${hole - at} empty item${hole - at > 1 ? 's' : ''}>`);
      at = hole;
    } else {
      shape.parts.push(textOf(state, array[at], depth));
      at += 1;
    }
  }
  addRemainder(shape, array.length - at, 'item');
};

const addBytes = (buffer: ArrayBuffer, shape: Shape): void => {
  const bytes = new Uint8Array(buffer);
  const shown: string[] = [];
  for (let i = 0; i < bytes.length && i < ITEMS_MAX; i++)
    shown.push((bytes[i] as number).toString(16).padStart(2, '0'));
  const more = bytes.length - ITEMS_MAX;
  if (more > 0) shown.push(`... ${more} more byte${more > 1 ? 's' : ''}`);
  shape.parts.push(`[Uint8Contents]: <${shown.join(' ')}>`, `byteLength: ${bytes.length}`);
};

const PENDING = 0;
const REJECTED = 2;

const addResult = (state: Inspection, promise: object, shape: Shape, depth: number): void => {
  const promised = promiseState(promise);
  if (promised === PENDING) shape.parts.push('<pending>');
  else shape.parts.push((promised === REJECTED ? '<rejected> ' : '') + textOf(state, promiseResult(promise), depth));
};

const addRemainder = (shape: Shape, count: number, what: string): void => {
  if (count > 0) shape.parts.push(`... ${count} more ${what}${count > 1 ? 's' : ''}`);
};

/** The properties of an array that are not elements. */
const namedKeys = (value: object): string[] => {
  const length = (value as unknown as ArrayLike<unknown>).length;
  if (value instanceof DataView || length === undefined) return ownKeys(value);
  if (!Array.isArray(value)) return [];
  return Object.keys(value).filter((key) => !(Number(key) < length));
};

const propertyText = (state: Inspection, object: object, key: string | symbol, depth: number): string => {
  const property = Object.getOwnPropertyDescriptor(object, key);
  if (property === undefined) return 'undefined';
  if (property.get !== undefined) return property.set === undefined ? '[Getter]' : '[Getter/Setter]';
  if (property.set !== undefined) return '[Setter]';
  state.indentation += 2;
  const text = textOf(state, property.value, depth);
  state.indentation -= 2;
  return text;
};

const keyText = (key: string): string => {
  if (key === '__proto__') return "['__proto__']";
  return isIdentifier(key) ? key : quoted(key);
};

const isIdentifier = (key: string): boolean => {
  if (key === '') return false;
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
    if (!isLetter && !(i > 0 && code >= 48 && code <= 57)) return false;
  }
  return true;
};
