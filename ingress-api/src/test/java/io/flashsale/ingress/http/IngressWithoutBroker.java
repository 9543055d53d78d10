package io.flashsale.ingress.http;

import io.flashsale.ingress.IngressApplication;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/** Configures the ingress as it is, but for what talks to the broker. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = ErrorMvcAutoConfiguration.class)
@ConfigurationPropertiesScan("io.flashsale.ingress")
@ComponentScan(
        basePackages = "io.flashsale.ingress",
        excludeFilters = {
            @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = IngressApplication.class),
            @Filter(type = FilterType.REGEX, pattern = ".*KafkaConfiguration"),
            @Filter(type = FilterType.REGEX, pattern = ".*Test\\$.*"),
        })
@interface IngressWithoutBroker {}
