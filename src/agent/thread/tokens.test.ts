import { describe, expect, it } from 'vitest';
import { shown } from '../../../fixtures/thread.ts';
import { scriptedProvider } from '../model/scripted/provider.ts';
import type { ResponseItem } from '../protocol/item.ts';
import type { RateLimitSnapshot, TokenUsage } from '../protocol/usage.ts';
import { estimateTokens } from './estimate.ts';
import { createHistory } from './history.ts';
import { blendedTotal, limitsOf, percentLeft } from './tokens.ts';
import { createUsageLedger } from './usage-ledger.ts';
import { lastPrompts } from './compaction.ts';

const user = (text: string): ResponseItem => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});
const usageOf = (total: number): TokenUsage => ({
  input_tokens: total,
  cached_input_tokens: 0,
  output_tokens: 0,
  reasoning_output_tokens: 0,
  total_tokens: total,
});
const nothingMeasured = (): undefined => undefined;

const withDetail = (detail?: 'original'): ResponseItem => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_image', image_url: 'data:x', ...(detail && { detail }) }],
});
const big = (): { width: number; height: number } => ({ width: 3200, height: 3200 });
describe('tokens', () => {
  it.each([
    [
      { contextWindow: 100_000, autoCompactTokenLimit: undefined },
      { window: 95_000, autoCompact: 90_000 },
    ],
    [
      { contextWindow: 100_000, autoCompactTokenLimit: 50_000 },
      { window: 95_000, autoCompact: 50_000 },
    ],
    [
      { contextWindow: 100_000, autoCompactTokenLimit: 99_000 },
      { window: 95_000, autoCompact: 90_000 },
    ],
  ])('%j makes the limits %j', (settings, limits) => {
    expect(limitsOf(scriptedProvider().modelInfo('m'), settings)).toEqual(limits);
  });

  it.each([
    { used: 12_000, window: 112_000, percent: 100 },
    { used: 62_000, window: 112_000, percent: 50 },
    { used: 200_000, window: 112_000, percent: 0 },
    { used: 0, window: 10_000, percent: 0 },
  ])('leaves the baseline out on both sides: %j', ({ used, window, percent }) => {
    expect(percentLeft({ used, window })).toBe(percent);
  });

  it('blends what no cache held with what came out', () => {
    expect(
      blendedTotal({ ...usageOf(100), input_tokens: 80, output_tokens: 20, cached_input_tokens: 50 }),
    ).toBe(50);
  });

  it('counts a resized image flat, and only an original one by its squares', () => {
    expect(estimateTokens(withDetail(), big)).toBeLessThan(2000);
    expect(estimateTokens(withDetail('original'), big)).toBeGreaterThanOrEqual(10_000);
    expect(estimateTokens(withDetail('original'), nothingMeasured)).toBeLessThan(2000);
  });

  it('adds an estimate of what came after the last response', () => {
    const history = createHistory([], nothingMeasured);
    const ledger = createUsageLedger(history);
    ledger.note(usageOf(500));
    expect(ledger.inWindow()).toBe(500);
    history.append(user('x'.repeat(400)));
    expect(ledger.inWindow()).toBeGreaterThan(600);
    expect(ledger.inBody()).toBe(ledger.inWindow() - 500);
  });

  it('goes on from what a resumed thread had used', () => {
    const ledger = createUsageLedger(createHistory([], nothingMeasured), {
      total: usageOf(1000),
      last: usageOf(300),
    });
    ledger.note(usageOf(50));
    expect(ledger.tokenCount(undefined)).toMatchObject({
      info: { total_token_usage: { total_tokens: 1050 }, last_token_usage: { total_tokens: 50 } },
    });
  });

  it('replaces windows of limits by nothing, and keeps what belongs to the account', () => {
    const ledger = createUsageLedger(createHistory([], nothingMeasured));
    const limits: RateLimitSnapshot = {
      limit_id: 'codex',
      limit_name: 'name',
      primary: { used_percent: 5, window_minutes: 60, resets_at: null },
      secondary: null,
      credits: { has_credits: true, unlimited: false, balance: '1' },
      individual_limit: null,
      plan_type: 'pro',
      rate_limit_reached_type: null,
    };
    ledger.noteRateLimits(limits);
    ledger.noteRateLimits({ ...limits, limit_name: null, primary: null, credits: null, plan_type: null });
    expect(ledger.tokenCount(undefined)).toMatchObject({
      rate_limits: { limit_name: null, primary: null, credits: limits.credits, plan_type: 'pro' },
    });
  });

  it('keeps the last prompts to the letter, up to 20,000 tokens', () => {
    const long = 'y'.repeat(60_000);
    const kept = lastPrompts([
      user('first'),
      user(long),
      user(`<turn_aborted>\n…`),
      user(long),
      user('last'),
    ]);
    const texts = shown(kept);
    expect(texts.at(-1)).toBe('user: last');
    expect(texts.at(-2)).toBe(`user: ${long}`);
    expect(texts[0]).toContain('truncated');
    expect(texts).toHaveLength(3);
  });
});
