/**
 * A registry on this machine that speaks JSR's protocol as far as publishing one
 * package and importing it takes: the files that it hands out are those that
 * `deno publish` sends.
 *
 * Source: the documentation of the registry's API, and what `deno publish` asks.
 */
import { ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import manifest from "../../deno.json" with { type: "json" };

const { name, version, exports } = manifest;
const root = new URL("../../", import.meta.url).pathname;

/** The registry, for as long as a test lasts. */
export interface Registry {
  /** Variables under which Deno takes packages from it alone, and keeps none. */
  readonly env: Readonly<Record<string, string>>;
  /** Files that were published, by their paths. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  close(): Promise<void>;
}

/**
 * Publishes this package to a registry of its own.
 *
 * @param folder where Deno may keep what it loads
 */
export async function openRegistry(folder: string): Promise<Registry> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method === "POST") {
        for (const [path, bytes] of untar(await packed(request))) {
          files.set(path, bytes);
        }
        return Response.json({ id: "1", status: "success", error: null });
      }
      return answer(pathname, files);
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const cache = join(folder, "deno");
  await mkdir(cache, { recursive: true });
  // Packages of npm are taken from where this Deno has them.
  const { npmCache } = JSON.parse(await output(["info", "--json"], {}));
  await symlink(npmCache, join(cache, "npm"));
  const env = { JSR_URL: url, DENO_DIR: cache, NO_COLOR: "1" };
  await output(
    [
      ...["publish", "--token=none", "--allow-dirty", "--no-provenance"],
      "--no-check",
    ],
    { JSR_URL: url, NO_COLOR: "1" },
  );
  ok(files.size > 100, "nothing was published");
  return { env, files, close: () => server.shutdown() };
}

async function output(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env,
    cwd: root,
  }).output();
  ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

function answer(
  path: string,
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): Response {
  const none = new Response("{}", { status: 404 });
  const [scope, short] = name.slice(1).split("/");
  if (path === `/api/scopes/${scope}/packages/${short}`) {
    const time = "2026-01-01T00:00:00Z";
    return Response.json({
      ...{ scope, name: short, description: "" },
      ...{ createdAt: time, updatedAt: time },
    });
  }
  if (path === `/${name}/meta.json`) {
    return Response.json({
      ...{ scope, name: short, latest: version, versions: { [version]: {} } },
    });
  }
  if (path === `/${name}/${version}_meta.json`) {
    const entries = [...files].map(([path, bytes]) => {
      const checksum = createHash("sha256").update(bytes).digest("hex");
      return [path, { size: bytes.length, checksum: `sha256-${checksum}` }];
    });
    return Response.json({ exports, manifest: Object.fromEntries(entries) });
  }
  const file = files.get(path.slice(`/${name}/${version}`.length));
  if (!file || !path.startsWith(`/${name}/${version}/`)) return none;
  const types: Readonly<Record<string, string>> = {
    ...{ ts: "text/typescript", js: "text/javascript" },
    ...{ json: "application/json", wasm: "application/wasm" },
  };
  const type = types[path.split(".").at(-1)!] ?? "text/plain";
  return new Response(file, { headers: { "content-type": type } });
}

async function packed(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(
    gunzipSync(new Uint8Array(await request.arrayBuffer())),
  );
}

/** The files of a tar archive whose names are short or given as PAX records. */
function* untar(
  archive: Uint8Array<ArrayBuffer>,
): Generator<[string, Uint8Array<ArrayBuffer>]> {
  const text = (from: number, length: number) =>
    new TextDecoder().decode(archive.subarray(from, from + length))
      .replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0;) {
    const size = parseInt(text(at + 124, 12), 8);
    const prefix = text(at + 345, 155);
    const path = (prefix ? `${prefix}/` : "") + text(at, 100);
    const kind = String.fromCharCode(archive[at + 156]);
    const bytes = archive.slice(at + 512, at + 512 + size);
    if (kind === "0" || kind === "\0") {
      yield [`/${path.replace(/^\.?\//, "")}`, bytes];
    } else ok(kind === "5", `an entry of kind ${kind} in the archive`);
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
