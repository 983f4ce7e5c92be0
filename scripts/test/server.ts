// Vitest runs test files in processes of their own; the machine belongs to the one that started them. They talk over a socket, one JSON object a line both ways.

import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { nameIn, PROJECT } from '../folders.ts';
import type { TestError } from './errors.ts';
import type { Collected, Outcome, Session } from './session.ts';

/** What a worker asks for. */
export type TestRequest = { readonly id: number; readonly project: string } & (
  | { readonly collect: string }
  | { readonly call: number; readonly limitMs: number }
);

/** The answer to it. */
export interface TestReply {
  readonly id: number;
  readonly result?: Collected | Outcome;
  /** The tool itself has failed. */
  readonly failed?: string;
}

/** The variable of the environment that tells workers the path of the socket. */
export const SOCKET_VARIABLE = 'HEDYN_TEST_SOCKET';

/** Who answers: the run of a project, and who hears of the files in which something failed before the worker does. */
export interface Answerer {
  session(project: string): Promise<Session>;
  show(project: string, files: readonly string[]): Promise<void>;
}

/** Answers workers, one question after the other. Returns a function that ends it. */
export const serveWorkers = async (answerer: Answerer): Promise<() => void> => {
  const socketPath = path.join(tmpdir(), `hedyn-test-${process.pid}-${serverCount++}.sock`);
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer((socket) => {
    socket.on('error', () => {}); // A worker that is ended takes its questions with it.
    createInterface({ input: socket }).on('line', (line) => {
      const request = JSON.parse(line) as TestRequest;
      last = last.then(() => answer(answerer, request, socket));
    });
  });
  await listen(server, socketPath);
  process.env[SOCKET_VARIABLE] = socketPath;
  return () => {
    server.close();
    rmSync(socketPath, { force: true });
  };
};

let serverCount = 0;

const listen = (server: Server, socketPath: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
    server.unref();
  });

const answer = async (answerer: Answerer, request: TestRequest, socket: Socket): Promise<void> => {
  const reply = await replyTo(answerer, request).catch(
    (error): TestReply => ({
      id: request.id,
      failed: error instanceof Error ? error.message : String(error),
    }),
  );
  if (!socket.destroyed) socket.write(`${JSON.stringify(reply)}\n`);
};

const replyTo = async (answerer: Answerer, request: TestRequest): Promise<TestReply> => {
  const session = await answerer.session(request.project);
  const result =
    'collect' in request
      ? session.collect(nameIn(PROJECT, request.collect))
      : await session.call(request.call, request.limitMs);
  const files = errorsIn(result).flatMap(({ frames }) => frames.map(({ file }) => file));
  await answerer.show(request.project, files);
  return { id: request.id, result };
};

const errorsIn = (result: Collected | Outcome): readonly TestError[] => {
  if ('errors' in result) return result.errors;
  return 'error' in result ? [result.error] : [];
};
