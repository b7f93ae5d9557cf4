/**
 * What the keeper needs of a logger; pino's fits. Levels: debug for what helps to follow one tick, info for what a tick did, warn for what mends
 * itself or wants a look some day, error for what did not work and needs somebody.
 */
export interface Logger {
  /** One whose lines all carry these: chain and vault, then the tick's id. */
  child(bindings: { readonly chain?: number; readonly vault?: string; readonly tick?: number }): Logger;
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

const nothing = (): void => undefined;

/** Says nothing. */
export const silentLogger: Logger = {
  child: () => silentLogger,
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing },
};
