import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { SendFailure } from '../http-client/send-failure.ts';
import type { HttpSender } from '../http-client/sender.ts';
import { routeTemplate } from './route-template.ts';

/**
 * Shows each call. Not OpenTelemetry's own instrumentation of undici: that one writes whole URLs down, and tells the other
 * side of our traces in a header, which is nothing that Posti's gateway asked for.
 */
export function tracedSender(sender: HttpSender, tracer: Tracer): HttpSender {
  return {
    close: () => sender.close(),
    send(request) {
      const { method, url } = request;
      const route = routeTemplate(url);
      const attributes = { 'http.request.method': method, 'server.address': new URL(url).host, 'http.route': route };
      return tracer.startActiveSpan(`${method} ${route}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
        try {
          const answer = await sender.send(request);
          span.setAttribute('http.response.status_code', answer.status);
          if (answer.status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
          return answer;
        } catch (error) {
          const reason = error instanceof SendFailure ? error.reason : 'bug';
          span.setAttribute('error.type', reason).setStatus({ code: SpanStatusCode.ERROR, message: reason });
          throw error;
        } finally {
          span.end();
        }
      });
    },
  };
}
