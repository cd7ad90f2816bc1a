package io.github.ttt4rec.spring;

import io.github.ttt4rec.client.Client;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Provides a {@link Client} and, if the application has the actuator, the server's part in its health. */
@AutoConfiguration
@EnableConfigurationProperties(Ttt4recProperties.class)
public class Ttt4recAutoConfiguration {
    /** Returns the client that the properties describe; the application closes it at its end. */
    @Bean
    @ConditionalOnMissingBean
    public Client ttt4recClient(Ttt4recProperties properties) {
        return new Client(properties.url(), properties.options());
    }

    /** The health indicator, apart because its classes are optional. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthIndicator.class)
    static class Health {
        /** Returns an indicator that is up while the server is ready. */
        @Bean
        @ConditionalOnEnabledHealthIndicator("ttt4rec")
        @ConditionalOnMissingBean(name = "ttt4recHealthIndicator")
        HealthIndicator ttt4recHealthIndicator(Client client) {
            return new ServerHealth(client);
        }
    }
}
