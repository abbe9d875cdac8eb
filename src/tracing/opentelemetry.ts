import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Span } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  RandomIdGenerator,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry/lib/client/index.js';
import { OpenTelemetryActivityInboundInterceptor } from '@temporalio/interceptors-opentelemetry/lib/worker/index.js';
import { hintIds, type HintIds } from './hint-ids.ts';
import { tracedSender } from './traced-sender.ts';
import type { Traces, TracesWanted } from './traces.ts';

/** Traces for a collector that takes OTLP over HTTP. Once per process: the context that they hang on is the process's. */
export function createTraces({ endpoint, serviceName, share }: TracesWanted): Traces {
  const root = new TraceIdRatioBasedSampler(share);
  const ids = new ChosenIds();
  const provider = new NodeTracerProvider({
    resource: Resource.default().merge(new Resource({ 'service.name': serviceName })),
    sampler: new ParentBasedSampler({ root }),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }))],
  });
  // Also makes them the ones that the SDK's interceptors find.
  provider.register();
  const tracer = provider.getTracer('lahetti');

  const wanted = (traceId: string): boolean =>
    root.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
  const inSpan = <T>(span: Span, work: () => Promise<T>): Promise<T> =>
    context.with(trace.setSpan(context.active(), span), async () => {
      try {
        return await work();
      } catch (error) {
        // Its words may quote a row: what it is called suffices.
        const name = error instanceof Error ? error.name : 'unknown';
        span.setAttribute('error.type', name).setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });

  return {
    ids() {
      const spanContext = trace.getSpanContext(context.active());
      return spanContext ? { trace: spanContext.traceId } : {};
    },
    keeping(hint, keep) {
      const attributes = { 'lahetti.store': hint.storeId };
      const options = { kind: SpanKind.SERVER, root: true, attributes };
      return inSpan(
        ids.with(hintIds(hint), () => tracer.startSpan('keep webhook', options)),
        keep,
      );
    },
    handingOver(hint, handOver) {
      const attributes = { 'lahetti.store': hint.storeId, 'lahetti.source': hint.source };
      const options = { kind: SpanKind.CONSUMER, attributes };
      if (hint.source !== 'webhook')
        return inSpan(tracer.startSpan('hand over hint', { ...options, root: true }), handOver);
      const { traceId, spanId } = hintIds(hint);
      const traceFlags = wanted(traceId) ? TraceFlags.SAMPLED : TraceFlags.NONE;
      const parent = trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
      return inSpan(tracer.startSpan('hand over hint', options, parent), handOver);
    },
    sender: (sender) => tracedSender(sender, tracer),
    clientInterceptors: [new OpenTelemetryWorkflowClientInterceptor()],
    activityInterceptor: (activity) => new OpenTelemetryActivityInboundInterceptor(activity),
    stop: () => provider.shutdown().catch(() => undefined),
  };
}

/** Random ids, but for a span that is to have those of its hint. */
class ChosenIds extends RandomIdGenerator {
  #chosen: HintIds | undefined;

  constructor() {
    super();
    const [randomTraceId, randomSpanId] = [this.generateTraceId, this.generateSpanId];
    this.generateTraceId = () => this.#chosen?.traceId ?? randomTraceId();
    this.generateSpanId = () => this.#chosen?.spanId ?? randomSpanId();
  }

  /** `start` has to be synchronous, and start one span. */
  with(ids: HintIds, start: () => Span): Span {
    this.#chosen = ids;
    try {
      return start();
    } finally {
      this.#chosen = undefined;
    }
  }
}
