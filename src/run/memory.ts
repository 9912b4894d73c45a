/** How often to look: seldom enough to cost nothing, often enough for what takes seconds. */
const EVERY_MS = 100;

/** Watches how much memory this process takes, all actions underway together; stop it when done. */
export function watchMemory(): { peak(): number; stop(): void } {
  let highest = 0;
  const look = () => {
    highest = Math.max(highest, process.memoryUsage.rss());
  };
  look();
  const timer = setInterval(look, EVERY_MS).unref();
  return {
    peak() {
      look();
      return highest;
    },
    stop: () => clearInterval(timer),
  };
}
