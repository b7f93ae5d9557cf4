/** Further from zero no estimate of a correlation goes. */
export const MAX_CORRELATION = 0.98;

/**
 * Correlation of two series of mean zero from their second moments, within ±0.98.
 *
 * @returns Null where one of them does not move
 */
export function correlationFrom(firstSquare: number, product: number, secondSquare: number): number | null {
  if (!(firstSquare > 0 && secondSquare > 0)) return null;
  return Math.min(Math.max(product / Math.sqrt(firstSquare * secondSquare), -MAX_CORRELATION), MAX_CORRELATION);
}
