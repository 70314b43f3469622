/** Colours that people with colour-blindness can tell apart. */

import { okabeIto, populationColours } from "../../report/theme.ts";
import type { Population } from "../../report/types.ts";

/** The colours of the figures, by Okabe and Ito (2008). */
export { okabeIto } from "../../report/theme.ts";

/** Blue is hard to see on a dark page. */
const onDark: Readonly<Record<Population, string>> = {
  ...populationColours,
  I: okabeIto.sky,
  PV: okabeIto.sky,
  SST: okabeIto.purple,
};

const isDark = matchMedia("(prefers-color-scheme: dark)");

/** The colour of a population: the figures' one, where the page is light. */
export function populationColour(population: Population): string {
  return (isDark.matches ? onDark : populationColours)[population];
}

const ofRuns = [
  okabeIto.sky,
  okabeIto.vermilion,
  okabeIto.green,
  okabeIto.orange,
  okabeIto.purple,
  okabeIto.blue,
];

/** The colour of the k-th run. */
export function runColour(k: number): string {
  return ofRuns[k % ofRuns.length];
}

/** Not the colour of the output, which is shown with them. */
const ofChannels = [
  okabeIto.sky,
  okabeIto.orange,
  okabeIto.green,
  okabeIto.purple,
  okabeIto.blue,
];

/** The colour of the k-th input channel. */
export function channelColour(k: number): string {
  return ofChannels[k % ofChannels.length];
}

/** Nine points of viridis (Smith and van der Walt, 2015), dark to light. */
const viridis = [
  [0x44, 0x01, 0x54],
  [0x47, 0x2d, 0x7b],
  [0x3b, 0x52, 0x8b],
  [0x2c, 0x72, 0x8e],
  [0x21, 0x91, 0x8c],
  [0x28, 0xae, 0x80],
  [0x5e, 0xc9, 0x62],
  [0xad, 0xdc, 0x30],
  [0xfd, 0xe7, 0x25],
];

/** Red, green and blue for a byte. */
export function heat(byte: number): [number, number, number] {
  const place = byte / 255 * (viridis.length - 1);
  const left = Math.min(Math.floor(place), viridis.length - 2);
  const part = place - left;
  const mix = (c: number) =>
    Math.round(viridis[left][c] * (1 - part) + viridis[left + 1][c] * part);
  return [mix(0), mix(1), mix(2)];
}
