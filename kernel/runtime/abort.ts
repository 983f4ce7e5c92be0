// AbortController, AbortSignal and DOMException. https://dom.spec.whatwg.org/#aborting-ongoing-activities, https://webidl.spec.whatwg.org/#idl-DOMException
//
//   controller.abort(reason) ──► signal ──► its listeners, first to last ──► the signals that depend on it (AbortSignal.any)
//
// Where Node 20 is not the standard, it is Node that is followed: signals that depend are aborted behind the listeners.

import { ErrorObject, TypeErrorObject } from './errors.ts';
import { toArray } from './iteration.ts';
import { queueJob } from './jobs.ts';

type Handler = (this: AbortSignalObject, event: AbortEvent) => unknown;
type Listener = Handler | { handleEvent(event: AbortEvent): unknown };
interface ListenerOptions {
  readonly once?: boolean;
  readonly capture?: boolean;
  readonly signal?: AbortSignalObject;
}

/** The one event of a signal. */
interface AbortEvent {
  readonly type: 'abort';
  readonly target: AbortSignalObject;
  currentTarget: AbortSignalObject | null;
}

/** A listener in the order in which they were added. */
interface Registration {
  readonly listener: Listener;
  readonly isOnce: boolean;
  readonly isCapturing: boolean;
  isRemoved: boolean;
  next: Registration | undefined;
}

const hide = (target: object, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, writable: true, enumerable: false, configurable: true });
};

/** The numbers that names of exceptions once had, from 1 on; '' where there is none any more. */
const LEGACY_NAMES =
  'IndexSizeError,,HierarchyRequestError,WrongDocumentError,InvalidCharacterError,,NoModificationAllowedError,NotFoundError,NotSupportedError,InUseAttributeError,InvalidStateError,SyntaxError,InvalidModificationError,NamespaceError,InvalidAccessError,,TypeMismatchError,SecurityError,NetworkError,AbortError,URLMismatchError,QuotaExceededError,TimeoutError,InvalidNodeTypeError,DataCloneError';

/** The global DOMException. */
export class DOMExceptionObject extends ErrorObject {
  declare code: number;

  constructor(message: unknown = '', options: unknown = 'Error') {
    super(message);
    const isObject = typeof options === 'object' && options !== null;
    const name = isObject ? ((options as { name?: string }).name ?? 'Error') : `${options}`;
    hide(this, 'name', name);
    hide(this, 'code', name === '' ? 0 : LEGACY_NAMES.split(',').indexOf(name) + 1);
    if (isObject && 'cause' in options) hide(this, 'cause', options.cause);
  }
}
Object.defineProperty(DOMExceptionObject, 'name', { value: 'DOMException', configurable: true });

/** Returns the exception of an operation that was aborted and given no other reason. */
export const abortError = (): DOMExceptionObject => new DOMExceptionObject('This operation was aborted', 'AbortError');

/** What only this module gives to the constructor. */
const FROM_HERE = {};

/** The global AbortSignal. */
export class AbortSignalObject {
  aborted = false;
  declare reason: unknown;
  declare firstListener: Registration | undefined;
  declare onabortHandler: Handler | null;
  declare onabortListener: Handler | undefined;
  /** The signals that `any` made of this one. */
  declare dependents: AbortSignalObject[];
  /** The signals that this one was made of by `any`, none of them made so itself; undefined for another. */
  declare sources: AbortSignalObject[] | undefined;

  constructor(from?: unknown) {
    if (from !== FROM_HERE) throw withCode(new TypeErrorObject('Illegal constructor'), 'ERR_ILLEGAL_CONSTRUCTOR');
    for (const name of ['reason', 'firstListener', 'onabortListener', 'sources']) hide(this, name, undefined);
    hide(this, 'onabortHandler', null);
    hide(this, 'dependents', []);
  }

  /** Returns a signal that is aborted already. */
  static abort(reason: unknown = abortError()): AbortSignalObject {
    const signal = newSignal();
    abortSignal(signal, reason);
    return signal;
  }

  /** Returns a signal that is aborted when the first of `signals` is. It lives as long as they do. */
  static any(signals: Iterable<AbortSignalObject>): AbortSignalObject {
    return signalOf(toArray(signals) as AbortSignalObject[]); // The body of a class sees only what stands before it, also where that is lowered.
  }

  /** Throws the reason of a signal that is aborted. */
  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  get onabort(): Handler | null {
    return this.onabortHandler;
  }

  /** The handler has the place among the listeners at which the first one was set. */
  set onabort(handler: Handler | null) {
    this.onabortHandler = typeof handler === 'function' ? handler : null;
    if (this.onabortListener !== undefined) return;
    this.onabortListener = (event) => this.onabortHandler?.call(this, event);
    this.addEventListener('abort', this.onabortListener);
  }

  addEventListener(type: string, listener: Listener, options: boolean | ListenerOptions = {}): void {
    const { once = false, capture = false, signal = undefined } = optionsOf(options);
    if (type !== 'abort' || signal?.aborted) return;
    let last: Registration | undefined;
    for (let each = this.firstListener; each !== undefined; each = each.next) {
      if (each.listener === listener && each.isCapturing === capture) return;
      last = each;
    }
    const added = { listener, isOnce: once, isCapturing: capture, isRemoved: false, next: undefined };
    if (last === undefined) this.firstListener = added;
    else last.next = added;
    signal?.addEventListener('abort', () => this.removeEventListener(type, listener, options), { once: true });
  }

  removeEventListener(type: string, listener: Listener, options: boolean | ListenerOptions = {}): void {
    if (type !== 'abort') return;
    const { capture = false } = optionsOf(options);
    let before: Registration | undefined;
    for (let each = this.firstListener; each !== undefined; each = each.next) {
      if (each.listener === listener && each.isCapturing === capture) {
        each.isRemoved = true;
        if (before === undefined) this.firstListener = each.next;
        else before.next = each.next;
        return;
      }
      before = each;
    }
  }
}
Object.defineProperty(AbortSignalObject, 'name', { value: 'AbortSignal', configurable: true });

/** The global AbortController. */
export class AbortControllerObject {
  declare readonly signal: AbortSignalObject;

  constructor() {
    Object.defineProperty(this, 'signal', { value: newSignal(), enumerable: true });
  }

  /** Aborts the signal, once. */
  abort(reason: unknown = abortError()): void {
    abortSignal(this.signal, reason);
  }
}
Object.defineProperty(AbortControllerObject, 'name', { value: 'AbortController', configurable: true });

const signalOf = (all: readonly AbortSignalObject[]): AbortSignalObject => {
  const signal = newSignal();
  const aborted = all.find((each) => each.aborted);
  if (aborted !== undefined) {
    abortSignal(signal, aborted.reason);
    return signal;
  }
  signal.sources = toArray(new Set(all.flatMap((each) => each.sources ?? [each]))) as AbortSignalObject[];
  for (const source of signal.sources) source.dependents.push(signal);
  return signal;
};

const optionsOf = (options: boolean | ListenerOptions): ListenerOptions =>
  typeof options === 'boolean' ? { capture: options } : options;

/** Returns a signal that nothing has aborted. */
export const newSignal = (): AbortSignalObject => new AbortSignalObject(FROM_HERE);

/** Aborts `signal`, unless it is already, and runs its listeners; what one throws ends the program behind them. */
export const abortSignal = (signal: AbortSignalObject, reason: unknown): void => {
  if (signal.aborted) return;
  signal.aborted = true;
  signal.reason = reason;
  const event: AbortEvent = { type: 'abort', target: signal, currentTarget: signal };
  let each = signal.firstListener;
  while (each !== undefined) {
    const { next } = each; // Before the call: a listener that the last one adds comes too late.
    if (!each.isRemoved) run(each, signal, event);
    each = next;
  }
  event.currentTarget = null;
  const { dependents } = signal;
  signal.dependents = [];
  for (const dependent of dependents) abortSignal(dependent, reason);
};

const run = ({ listener, isOnce, isCapturing }: Registration, signal: AbortSignalObject, event: AbortEvent): void => {
  if (isOnce) signal.removeEventListener('abort', listener, isCapturing);
  try {
    if (typeof listener === 'function') listener.call(signal, event);
    else listener.handleEvent(event);
  } catch (error) {
    queueJob(() => {
      throw error;
    });
  }
};

/** As in invalid-argument.ts, which may come behind this module: the body of a class sees only what stands before it. */
const withCode = (error: TypeErrorObject, code: string): TypeErrorObject => {
  const text = `${error.name} [${code}]: ${error.message}`;
  hide(error, 'toString', () => text);
  return Object.assign(error, { code });
};
