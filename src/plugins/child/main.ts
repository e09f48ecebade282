// Entry of the process of a plugin: imports it, tells what it offers, and then answers one question.
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { examineHere } from './examine-here.ts';
import { importPlugin } from './import-plugin.ts';
import { endRun, startLifeline } from './lifeline.ts';
import { manifestOf, pluginIn } from './plugin-in.ts';
import { renderHere } from './render-here.ts';
import { tell, tellFailure } from './tell.ts';
import type { Plugin } from '../plugin.ts';
import type { PluginJob, Question } from '../protocol.ts';

const job = JSON.parse(process.argv[2] ?? '') as PluginJob;
startLifeline(job.parent);

const controller = new AbortController();
const loaded = Promise.withResolvers<Plugin>();

// Taken before the plugin's code runs, which finds a standard input that has ended.
const questions = createInterface({ input: process.stdin });
Object.defineProperty(process, 'stdin', { value: new PassThrough().end() });
questions.on('line', (line) => {
  const question = JSON.parse(line) as Question;
  if (question.kind === 'abort') controller.abort();
  else void answer(question);
});
// Whoever asked is gone.
questions.on('close', endRun);

// What a plugin leaves to itself and fails later is its failure too; a rejection that nobody handles comes here as well.
process.on('uncaughtException', tellFailure);

load().catch(tellFailure);

async function load(): Promise<void> {
  const plugin = pluginIn(await importPlugin(job));
  tell({ kind: 'manifest', manifest: manifestOf(plugin) });
  loaded.resolve(plugin);
}

async function answer(question: Exclude<Question, { kind: 'abort' }>): Promise<void> {
  try {
    const plugin = await loaded.promise;
    tell(
      question.kind === 'check'
        ? { kind: 'verdict', verdict: (await examineHere(plugin, question, controller.signal)) ?? null }
        : { kind: 'text', text: await renderHere(plugin, question) },
    );
  } catch (error) {
    tellFailure(error);
  }
}
