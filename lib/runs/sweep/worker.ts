/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/** A worker that runs points of a sweep, one after the other. */
import { messageOf } from "../messages.ts";
import { runPoint } from "./job.ts";
import type { PointJob, PointReply } from "../../sweep/local.ts";

self.onmessage = async ({ data }: MessageEvent<PointJob>) => {
  let reply: PointReply;
  try {
    await runPoint(data.folder, data.point, data.trials, data.trusted);
    reply = { id: data.point.id };
  } catch (error) {
    reply = { id: data.point.id, reason: messageOf(error) };
  }
  self.postMessage(reply);
};
