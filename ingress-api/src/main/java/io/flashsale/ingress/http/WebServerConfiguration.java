package io.flashsale.ingress.http;

import io.flashsale.contracts.Json;
import io.flashsale.ingress.config.IngressSettings;
import io.flashsale.tracing.Tracing;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class WebServerConfiguration {

    /** HTTP speaks the same dialect as the topics. */
    @Bean
    JsonMapper jsonMapper() {
        return Json.MAPPER;
    }

    /** In the place of Spring's own, behind the converters of bytes and text. */
    @Bean
    ServerHttpMessageConvertersCustomizer wholeJson(JsonMapper mapper) {
        return converters -> converters.withJsonConverter(new WholeJsonConverter(mapper));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemReports() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemReportValve.class.getName());
            }
        });
    }

    /** Behind the rate limits: what they refuse costs no span. Without traces there is no filter. */
    @Bean
    FilterRegistrationBean<TraceFilter> traceFilter(Tracing tracing) {
        FilterRegistrationBean<TraceFilter> filter = new FilterRegistrationBean<>(new TraceFilter(tracing));
        filter.addUrlPatterns("/api/*");
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 20);
        filter.setEnabled(tracing.isOn());
        return filter;
    }

    /** A client that is slow on purpose must not keep a connection. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> requestTimeout(IngressSettings settings) {
        return factory -> {
            factory.setProtocol(BoundedHttp11Protocol.class.getName());
            factory.addProtocolHandlerCustomizers(handler -> {
                if (handler instanceof BoundedHttp11Protocol bounded) {
                    bounded.setRequestTimeout(settings.request().timeout());
                }
            });
        };
    }
}
