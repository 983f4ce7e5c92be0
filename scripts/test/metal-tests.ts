// The machines of a run of Vitest's: each project that names runner.ts has one, which is built when its first file is asked for, and goes when the run ends.

import type { Reporter, TestProject, TestSpecification } from 'vitest/node';
import type { LoadOptions } from './load.ts';
import { serveWorkers } from './server.ts';
import type { Session } from './session.ts';

/** Returns what a project's tests run on. */
export type MachineOf = (project: string) => Promise<Omit<LoadOptions, 'files'>>;

/** What a project has in a run. */
interface ProjectRun {
  readonly project: TestProject;
  readonly files: readonly string[];
  /** Begun when a file is first asked for. */
  session: Promise<Session> | undefined;
}

/** A reporter that reports nothing: Vitest tells it when a run begins, with which files, and when it ends. */
export class MetalTests implements Reporter {
  private readonly machineOf: MachineOf;
  private readonly runs = new Map<string, ProjectRun>();
  private close: (() => void) | undefined;

  constructor(machineOf: MachineOf) {
    this.machineOf = machineOf;
  }

  async onTestRunStart(specifications: readonly TestSpecification[]): Promise<void> {
    const onMetal = specifications.filter(({ project }) => project.config.runner?.endsWith('/test/runner.ts'));
    for (const { project } of onMetal) {
      const files = onMetal.filter((each) => each.project === project).map(({ moduleId }) => moduleId);
      this.runs.set(project.name, { project, files, session: undefined });
    }
    if (onMetal.length > 0) this.close ??= await serveWorkers(this);
  }

  async onTestRunEnd(): Promise<void> {
    const runs = [...this.runs.values()];
    this.runs.clear();
    for (const { session } of runs) await session?.then((started) => started.stop()).catch(() => undefined); // Its failure was told where it was asked for.
  }

  /** Returns the run of a project; the first call builds and boots. */
  session(project: string): Promise<Session> {
    const run = this.runs.get(project);
    if (run === undefined) throw new Error(`no run of ${project} is under way`);
    run.session ??= this.start(run);
    return run.session;
  }

  private async start({ project, files }: ProjectRun): Promise<Session> {
    const { startSession } = await import('./session.ts'); // It brings the compiler with it.
    return startSession({ ...(await this.machineOf(project.name)), files });
  }

  /** Has Vitest know the files: it shows the code only of those that it has read. */
  async show(project: string, files: readonly string[]): Promise<void> {
    const environment = this.runs.get(project)?.project.vite.environments.ssr;
    for (const file of new Set(files)) await environment?.transformRequest(file).catch(() => undefined);
  }

  /** Lets the workers go. */
  end(): void {
    this.close?.();
  }
}
