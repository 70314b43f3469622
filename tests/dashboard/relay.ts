/** A relay between a browser and a server that can be cut. */

/** Passes connections on to a port of this machine. */
export interface Relay {
  readonly port: number;
  /** The last message seen, as each request for events told it. */
  readonly asked: readonly (string | undefined)[];
  /** Cuts all connections that there are. */
  cut(): void;
  close(): Promise<void>;
}

/** Starts a relay to a port. */
export function relayTo(port: number): Relay {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.TcpConn>();
  const asked: (string | undefined)[] = [];

  async function pass(from: Deno.TcpConn, to: Deno.TcpConn, read: boolean) {
    const bytes = new Uint8Array(65536);
    try {
      for (let n; (n = await from.read(bytes)) !== null;) {
        const text = new TextDecoder().decode(bytes.subarray(0, n));
        if (read && /^GET \S+\/events /.test(text)) {
          asked.push(/last-event-id: (\d+)/i.exec(text)?.[1]);
        }
        for (let at = 0; at < n;) at += await to.write(bytes.subarray(at, n));
      }
    } catch {
      // Cut.
    }
    for (const connection of [from, to]) {
      if (open.delete(connection)) connection.close();
    }
  }

  function cut(): void {
    for (const connection of open) connection.close();
    open.clear();
  }

  const accepting = (async () => {
    for await (const client of listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port });
      open.add(client).add(server);
      pass(client, server, true);
      pass(server, client, false);
    }
  })();

  return {
    port: listener.addr.port,
    asked,
    cut,
    async close() {
      cut();
      listener.close();
      await accepting.catch(() => {});
    },
  };
}
