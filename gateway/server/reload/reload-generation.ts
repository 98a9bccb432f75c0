/** One reload: read, compose and plan elsewhere, build, warm up, and only then take the place of what serves (F39, F40). */
import type { LoadedSettings, Settings } from '../../config/index.ts';
import { FaultsError } from '../../errors/fault.ts';
import type { CallUpstream } from '../../upstream/index.ts';
import { assembleGraph, buildGeneration, type BuildGenerationOptions, type Generation } from '../build-generation.ts';
import { keyOfGeneration, readGraphInputs, type GenerationInputs } from '../read-graph-inputs.ts';
import { startGraphThread } from './graph-thread.ts';
import type { ReloadOutcome } from './reload-history.ts';
import { restartNeeded } from './restart-needed.ts';
import { breathe } from './run-in-slices.ts';

export interface ReloadGenerationOptions extends Pick<
  BuildGenerationOptions,
  'facade' | 'persistedTexts' | 'logger' | 'tracing'
> {
  /** Reads the settings; throws FaultsError. */
  readonly load: () => Pick<LoadedSettings, 'settings' | 'env'>;
  /** Those that the process was started with. */
  readonly started: Settings;
  readonly callUpstream: CallUpstream;
  readonly current: () => Generation;
  /** The settings in use. */
  readonly applied: () => Settings;
  /** Takes everything into use at once; without a generation, the settings of calls to services. */
  readonly apply: (settings: Settings, next: Generation | undefined) => void;
}

/** Never rejects. */
export async function reloadGeneration(options: ReloadGenerationOptions): Promise<ReloadOutcome> {
  try {
    return await reload(options);
  } catch (error) {
    if (error instanceof FaultsError) return { state: 'refused', reason: error.message };
    options.logger.error({ err: error }, 'fault while reloading');
    return { state: 'refused', reason: (error as Error).message };
  }
}

async function reload(options: ReloadGenerationOptions): Promise<ReloadOutcome> {
  const { load, started, current, applied, apply } = options;
  const { settings, env } = load();
  await breathe();
  const inputs = readGraphInputs(settings, env);
  const needed = restartNeeded(started, settings);
  const before = current();
  if (JSON.stringify(settings) === JSON.stringify(applied()) && isSame(inputs, before.inputs)) {
    return { state: 'unchanged', restartNeeded: needed };
  }
  const next = isSame(inputs, before.inputs) ? undefined : await buildNext(options, inputs, before);
  apply(settings, next);
  return { state: 'applied', isGraphNew: next !== undefined, restartNeeded: needed };
}

const isSame = (a: GenerationInputs, b: GenerationInputs): boolean => keyOfGeneration(a) === keyOfGeneration(b);

async function buildNext(
  options: ReloadGenerationOptions,
  inputs: GenerationInputs,
  before: Generation,
): Promise<Generation> {
  const { callUpstream, facade, persistedTexts, logger, tracing } = options;
  const thread = await startGraphThread(inputs.graph, {
    onDeath: (error) => logger.error({ err: error }, 'the thread that plans has died: another one is started'),
  });
  try {
    const graph = await assembleGraph(inputs.graph, thread, before, callUpstream);
    const next = await buildGeneration({
      inputs,
      graph,
      thread,
      callUpstream,
      facade,
      persistedTexts,
      logger,
      tracing,
      // Whoever changes a route is told; a route that the graph has left behind must not hold up the graph.
      canDisableRoutes: JSON.stringify(inputs.documents) === JSON.stringify(before.inputs.documents),
      operations: before.recentOperations(),
    });
    return next;
  } catch (error) {
    await thread.close();
    throw error;
  }
}
