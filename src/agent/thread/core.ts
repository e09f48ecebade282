import type { Clock } from '../../host/clock.ts';
import type { AgentConfig } from '../config/config.ts';
import type { ModelClient, ModelRequest } from '../model/client.ts';
import type { ModelInfo } from '../model/info.ts';
import { askedForIn } from '../model/request/turn-metadata.ts';
import type { ModelProvider } from '../provider/provider.ts';
import type { SandboxPolicy } from '../policy/policy.ts';
import type { AgentEvent } from '../protocol/event.ts';
import type { ImageGenerationCallItem, ResponseItem } from '../protocol/item.ts';
import type { JsonValue } from '../../host/json.ts';
import type { IdSource } from '../protocol/ids.ts';
import type { Submission } from '../protocol/op.ts';
import type { Tell } from '../listening/tell.ts';
import type { ToolSpec } from '../tools/spec.ts';
import type { TurnContext } from './context.ts';
import { contextOf } from './context.ts';
import type { MeasureImage } from './estimate.ts';
import type { History } from './history.ts';
import { BASE_INSTRUCTIONS } from './instructions.ts';
import type { Journal } from './journal.ts';
import type { Metadata, ThreadFacts } from './metadata.ts';
import { summaryFor } from './settings.ts';
import type { TurnSettings } from './settings.ts';
import type { ThreadTools } from './thread-tools.ts';
import type { TurnReport } from './task.ts';
import { limitsOf } from './tokens.ts';
import type { TokenLimits } from './tokens.ts';
import type { Turn } from './turn-state.ts';
import type { UsageLedger } from './usage-ledger.ts';
import type { LoadImage } from './user-input.ts';
import type { WarmUp } from './warm-up.ts';
import type { LookAtWorkspaces } from './workspaces.ts';

/** What the turns of one thread share. */
export interface ThreadCore {
  readonly facts: ThreadFacts;
  readonly config: AgentConfig;
  readonly provider: ModelProvider;
  readonly model: ModelClient;
  readonly history: History;
  readonly usage: UsageLedger;
  readonly journal: Journal;
  readonly memory: ThreadMemory;
  /** See `ThreadTools.registry`. */
  readonly tools: ThreadTools['registry'];
  readonly warmUp: WarmUp;
  readonly world: World;
}

/** What one turn leaves to the next, beside the conversation. */
export interface ThreadMemory {
  /** The context that the conversation tells; undefined when it tells none. */
  context: TurnContext | undefined;
  /** Of the last turn. */
  model: ModelInfo | undefined;
  windowGeneration: number;
}

/** Everything that is not the thread's own; replaced in tests. */
export interface World {
  readonly clock: Clock;
  readonly ids: IdSource;
  /** 0 to 1. */
  readonly random: () => number;
  /** Rejects when `signal` aborts. */
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** Name of the shell that commands run in. */
  readonly shell: string;
  readonly loadImage: LoadImage;
  /** Keeps a generated picture and gives its path. */
  readonly saveImage: (item: ImageGenerationCallItem, id: string) => Promise<string>;
  readonly measureImage: MeasureImage;
  /** What holds a policy, as requests tell it. */
  readonly sandboxName: (policy: SandboxPolicy) => string;
  readonly lookAtWorkspaces: LookAtWorkspaces;
  /** Tells facts of the thread; absent where nobody listens. */
  readonly tell?: Tell | undefined;
  /** Hears every event as it happens. */
  readonly onEvent: (event: AgentEvent) => void;
  readonly onTurnEnd: (report: TurnReport) => void;
  /** The model is asked with the settings of a turn, and has answered. */
  readonly onSampling?: (turn: Pick<Turn, 'id' | 'settings'>) => void;
  readonly onAnswer?: (turn: Pick<Turn, 'id'>, responseId: string) => void;
}

export interface RequestParts {
  readonly settings: TurnSettings;
  readonly input: readonly ResponseItem[];
  readonly tools: readonly ToolSpec[];
  readonly metadata: Metadata;
  readonly outputSchema?: JsonValue | undefined;
  readonly trace?: Submission['trace'] | undefined;
}

/** The one place where requests are made, so that a prewarm says to the byte what the first turn will say. */
export function modelRequest({ config, facts }: ThreadCore, parts: RequestParts): ModelRequest {
  const { settings, input, tools, metadata, outputSchema, trace } = parts;
  return {
    model: settings.model,
    instructions: config.baseInstructions ?? BASE_INSTRUCTIONS,
    input,
    tools,
    parallelToolCalls: settings.model.supportsParallelToolCalls,
    effort: settings.effort,
    summary: summaryFor(config, settings.model),
    verbosity: config.verbosity ?? settings.model.defaultVerbosity,
    serviceTier: config.serviceTier,
    outputSchema: outputSchema === undefined ? undefined : { schema: outputSchema, strict: true },
    promptCacheKey: facts.threadId,
    turnMetadata: metadata,
    trace,
    ...askedForIn(metadata),
  };
}

export const limitsFor = ({ config }: ThreadCore, model: ModelInfo): TokenLimits => limitsOf(model, config);

export const currentContext = ({ config, world }: ThreadCore, settings: TurnSettings): TurnContext =>
  contextOf({
    settings,
    developerInstructions: config.developerInstructions,
    userInstructions: config.userInstructions,
    shell: world.shell,
    now: world.clock.now(),
  });
