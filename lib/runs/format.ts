/** Numbers as people read them. */
import type { Proportion } from "../network/scores.ts";

/** `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A rate with two or three digits: `0.52`, `8.1`, `650`. */
export function formatRate(rate: number): string {
  return rate >= 10 ? rate.toFixed(0) : rate.toPrecision(2);
}

/** `87 %`, `87.5 %`. */
export function formatPercent(fraction: number): string {
  if (!Number.isFinite(fraction)) return "–";
  return `${Number((100 * fraction).toFixed(1))} %`;
}

/** A proportion with its 95 % interval: `87 % [79, 92]`. */
export function formatProportion({ value, low, high }: Proportion): string {
  const bound = (fraction: number) => Number((100 * fraction).toFixed(1));
  return `${formatPercent(value)} [${bound(low)}, ${bound(high)}]`;
}

/** A number with so many decimals, `–` where it is none. */
export function formatNumber(value: number, decimals = 2): string {
  return Number.isFinite(value) ? value.toFixed(decimals) : "–";
}
