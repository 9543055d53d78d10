package io.flashsale.local;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code ./flashsale up} with the real broker and stand-in services. */
public final class StandInUp {

    private StandInUp() {}

    public static void main(String[] args) {
        int anyFreePort = 0;
        UpCommand up =
                new UpCommand(Optional.of(StandInService.installation()), anyFreePort, System.getenv(), System.out);
        System.exit(new Main(Map.of("up", up), System.err).run(List.of(args)));
    }
}
