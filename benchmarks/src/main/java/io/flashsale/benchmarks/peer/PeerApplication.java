package io.flashsale.benchmarks.peer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Spring Boot, HikariCP and a database. Its settings come as arguments. */
@SpringBootApplication
public class PeerApplication {

    /** Serves until it is stopped. */
    public static void main(String[] args) {
        SpringApplication.run(PeerApplication.class, args);
    }
}
