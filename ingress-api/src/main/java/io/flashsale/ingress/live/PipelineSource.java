package io.flashsale.ingress.live;

import io.flashsale.ingress.gateway.ReadsUnavailableException;

/** Who knows how the pipeline keeps up. */
public interface PipelineSource {

    /** @throws ReadsUnavailableException if it cannot be said in time */
    PipelineState look();

    /** Lets go what looking needed; the next look needs it again. */
    void letGo();
}
