/** The command line: the entry, nothing else. */
import { main } from "./lib/cli/main.ts";

if (import.meta.main) await main();
