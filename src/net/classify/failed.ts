import { NETWORK_FAILURE_CLASSES } from '../failure.ts';
import type { NetworkFailure, NetworkFailureClass } from '../failure.ts';

/** A failure with the phase that its class belongs to, unless another one is given. */
export function failed(
  failureClass: NetworkFailureClass,
  message: string,
  more: Partial<Omit<NetworkFailure, 'class' | 'message'>> = {},
): NetworkFailure {
  return { class: failureClass, phase: NETWORK_FAILURE_CLASSES[failureClass], message, ...more };
}
