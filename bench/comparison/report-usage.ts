/** Loaded before a contestant: tells the process that started it what it has used so far, when asked. */
process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send!({ cpuMs: (user + system) / 1000, peakMemoryMb: process.resourceUsage().maxRSS / 1024 });
});
process.channel?.unref();
