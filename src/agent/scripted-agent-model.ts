import type { AgentModel } from './agent-model.ts';
import { createScriptedModel } from './model/scripted/model.ts';
import { scriptedProvider } from './model/scripted/provider.ts';
import { readScript } from './model/scripted/read-script.ts';

/**
 * A model that is played from a script, without network or key. Every thread hears the script from its beginning.
 * @param text JSON, as `src/agent/model/scripted/script.ts` describes it
 * @throws ScriptError
 */
export async function scriptedAgentModel(text: string): Promise<AgentModel> {
  const script = await readScript(text);
  return {
    provider: scriptedProvider(),
    createClient: ({ observer }) => createScriptedModel(script, { observer }),
  };
}
