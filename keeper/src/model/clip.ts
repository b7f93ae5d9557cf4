/** `value`, but no further from zero than `bound`. */
export function clip(value: number, bound: number): number {
  return value > bound ? bound : value < -bound ? -bound : value;
}
