/** Where progress goes: process.stderr, or a test's stand-in. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Progress {
  /** Say that `done` of the total is done. */
  update(done: number, note?: string): void;
  /** End the line. */
  finish(note?: string): void;
}

const BAR_WIDTH = 24;
const REDRAW_MS = 100;
/** Off a terminal: a line for each tenth, so that a log stays short. */
const SPARSE_STEPS = 10;

/** 75 -> "1m15s". */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}m${String(whole % 60).padStart(2, "0")}s`
    : `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, "0")}m`;
}

/**
 * Progress with an estimate of what is left: one line that redraws itself on a terminal, a few lines elsewhere.
 * @param label What is being done
 * @param total What `done` counts up to
 */
export function createProgress(
  label: string,
  total: number,
  { stream = process.stderr as ProgressStream, now = Date.now } = {},
): Progress {
  const start = now();
  let drawn = Number.NEGATIVE_INFINITY;
  let step = 0;

  const line = (done: number, note: string): string => {
    const share = total > 0 ? Math.min(1, done / total) : 1;
    const elapsed = (now() - start) / 1000;
    const left = share > 0 && share < 1 ? `, ${formatSeconds((elapsed * (1 - share)) / share)} left` : "";
    const percent = `${Math.floor(share * 100)}%`;
    const tail = `${percent}  ${formatSeconds(elapsed)}${left}${note && `  ${note}`}`;
    if (!stream.isTTY) return `${label} ${tail}`;
    const full = Math.round(share * BAR_WIDTH);
    return `${label} ${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)} ${tail}`.slice(0, (stream.columns ?? 80) - 1);
  };

  return {
    update(done, note = "") {
      if (stream.isTTY) {
        if (now() - drawn < REDRAW_MS && done < total) return;
        drawn = now();
        stream.write(`\r\x1b[2K${line(done, note)}`);
        return;
      }
      const reached = total > 0 ? Math.floor((done / total) * SPARSE_STEPS) : SPARSE_STEPS;
      if (reached <= step) return;
      step = reached;
      stream.write(`${line(done, note)}\n`);
    },
    finish(note = "") {
      const text = `${label} done in ${formatSeconds((now() - start) / 1000)}${note && `  ${note}`}\n`;
      stream.write(stream.isTTY ? `\r\x1b[2K${text}` : text);
    },
  };
}
