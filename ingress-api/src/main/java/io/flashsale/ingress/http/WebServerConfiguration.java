package io.flashsale.ingress.http;

import io.flashsale.contracts.Json;
import io.flashsale.ingress.config.IngressSettings;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class WebServerConfiguration {

    /** HTTP speaks the same dialect as the topics. */
    @Bean
    JsonMapper jsonMapper() {
        return Json.MAPPER;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemReports() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemReportValve.class.getName());
            }
        });
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
