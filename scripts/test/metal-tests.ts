// The machines of a run of Vitest's: each project that names runner.ts has one, which is built when its first file is asked for, and goes when the run ends.

import type { Reporter, TestProject, TestSpecification } from 'vitest/node';
import { serveWorkers } from './server.ts';
import type { Session, SessionOptions } from './session.ts';

/** Returns what a project's tests run on. */
export type MachineOf = (project: string) => Promise<Omit<SessionOptions, 'files'>>;

/** A reporter that reports nothing: Vitest tells it when a run begins, with which files, and when it ends. */
export class MetalTests implements Reporter {
  private readonly machineOf: MachineOf;
  private readonly sessions = new Map<string, Session>();
  private readonly projects = new Map<string, TestProject>();
  private close: (() => void) | undefined;

  constructor(machineOf: MachineOf) {
    this.machineOf = machineOf;
  }

  async onTestRunStart(specifications: readonly TestSpecification[]): Promise<void> {
    const onMetal = specifications.filter(({ project }) => project.config.runner?.endsWith('/test/runner.ts'));
    if (onMetal.length === 0) return;
    const { createSession } = await import('./session.ts'); // It brings the compiler with it.
    for (const { project } of onMetal) {
      if (this.sessions.has(project.name)) continue;
      const files = onMetal.filter((each) => each.project === project).map(({ moduleId }) => moduleId);
      this.projects.set(project.name, project);
      this.sessions.set(project.name, createSession({ ...(await this.machineOf(project.name)), files }));
    }
    this.close ??= await serveWorkers(this);
  }

  async onTestRunEnd(): Promise<void> {
    for (const session of this.sessions.values()) await session.stop();
    this.sessions.clear();
  }

  /** Returns the run of a project. */
  session(project: string): Session {
    const session = this.sessions.get(project);
    if (session === undefined) throw new Error(`no run of ${project} is under way`);
    return session;
  }

  /** Has Vitest know the files: it shows the code only of those that it has read. */
  async show(project: string, files: readonly string[]): Promise<void> {
    const environment = this.projects.get(project)?.vite.environments.ssr;
    for (const file of new Set(files)) await environment?.transformRequest(file).catch(() => undefined);
  }

  /** Lets the workers go. */
  end(): void {
    this.close?.();
  }
}
