// The public subpath `stethos/testing`: a check examined against a home made for it, a model that is played from a script,
// and a server of the Responses API that answers and misbehaves by script. None needs a key; the server listens on the
// loopback interface alone.
export { createScriptedModel } from '../agent/model/scripted/model.ts';
export type { ScriptedModel, ScriptedModelOptions } from '../agent/model/scripted/model.ts';
export { scriptedProvider } from '../agent/model/scripted/provider.ts';
export { readScript, ScriptError } from '../agent/model/scripted/read-script.ts';
export type {
  Script,
  ScriptedCondition,
  ScriptedOutput,
  ScriptedResponse,
} from '../agent/model/scripted/script.ts';
export * from './responses/events.ts';
export type {
  Action,
  Actions,
  RecordedRequest,
  RecordedUpgrade,
  Refusal,
  ResponsesScript,
  ServerScript,
  Silence,
  Step,
  UpgradeStep,
} from './responses/script.ts';
export { startResponsesServer } from './responses-server.ts';
export type { ResponsesServer } from './responses-server.ts';
export { examineCheck } from './examine-check.ts';
export type { ExaminedPlace } from './examine-check.ts';
