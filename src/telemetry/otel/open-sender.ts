import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../host/clock.ts';
import type { Clock } from '../../host/clock.ts';
import type { Network } from '../../net/network.ts';
import { createHttpSender } from './http-sender.ts';
import { retrying } from './retry.ts';
import type { OtlpSender } from './sender.ts';
import type { OtlpSettings, Signal } from './settings.ts';

export interface SenderTools {
  readonly network: Network;
  /** Of the exporter, for its `user-agent`. */
  readonly version: string;
}

/** The way of one signal to its collector, without repetition: what a check asks once. */
export async function openSender(
  signal: Signal,
  settings: OtlpSettings,
  { network, version }: SenderTools,
): Promise<OtlpSender> {
  const own = network.withTls(settings.tls);
  const userAgent = `OTel-OTLP-Exporter-stethos/${version}`;
  if (settings.protocol !== 'grpc')
    return createHttpSender(settings, {
      ask: (ask) => own.askHttp(ask),
      close: () => own.close(),
      userAgent,
    });
  const { createGrpcSender } = await import('./grpc-sender.ts');
  return createGrpcSender(signal, settings, { trust: () => own.trust(), userAgent });
}

/** The same for an exporter: what may succeed a moment later is sent again, until it is closed. */
export async function openRetryingSender(
  signal: Signal,
  settings: OtlpSettings,
  { clock = systemClock, random = Math.random, ...tools }: SenderTools & RetryOptions,
): Promise<OtlpSender> {
  const sender = await openSender(signal, settings, tools);
  const end = new AbortController();
  const repeated = retrying(sender, {
    clock,
    random,
    isEnded: () => end.signal.aborted,
    pause: (delayMs) => pauseUnless(end.signal, delayMs),
  });
  return {
    ...repeated,
    close: async () => {
      end.abort();
      await repeated.close();
    },
  };
}

export interface RetryOptions {
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** Does not keep the process alive: whoever wants to wait flushes. */
const pauseUnless = (signal: AbortSignal, delayMs: number): Promise<void> =>
  sleep(delayMs, undefined, { signal, ref: false }).catch(() => undefined);
