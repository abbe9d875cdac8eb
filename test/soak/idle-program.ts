import { monitorEventLoopDelay } from 'node:perf_hooks';

// Does nothing, and says when it is asked how late it was at that, since it was last asked: as nodejs_eventloop_lag does.
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
process.on('message', () => {
  process.send!(delay.percentile(99) / 1e6);
  delay.reset();
});
process.on('disconnect', () => process.exit());
