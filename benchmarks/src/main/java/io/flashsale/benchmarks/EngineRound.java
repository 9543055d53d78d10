package io.flashsale.benchmarks;

import io.flashsale.benchmarks.Marks.Round;

/** Holds of one product, from its log. */
final class EngineRound implements AutoCloseable {

    private final Workbench workbench;
    /** The services know nothing of it while it grows, and have all of it in one moment. */
    private final Commands backlog;

    EngineRound(Workbench workbench) {
        this.workbench = workbench;
        this.backlog = Commands.inTransactions(workbench);
    }

    /** Takes holds without measuring it, while inventory-streams runs; numbered from 0. */
    static void place(Workbench workbench, Commands commands, String name, String productId, int count) {
        try (EventReader reader = new EventReader(workbench, workbench.topics().inventoryEvents(), productId)) {
            workbench.progress().step(name + ": placing %,d holds".formatted(count));
            commands.placeHolds(productId, 0, count);
            reader.awaitCount(
                    count,
                    done -> workbench.progress().sometimes(() -> "%s: %,d of %,d placed".formatted(name, done, count)));
        }
    }

    /**
     * Writes commands that inventory-streams reads all at once, and checks that each of them became one hold.
     *
     * @param name for a person
     * @param productId which is defined
     * @param placed holds that the product has already, numbered from 0
     * @param count of further ones, numbered from there
     */
    Round measure(String name, String productId, int placed, int count) {
        workbench.progress().step(name + ": writing %,d commands".formatted(count));
        backlog.begin();
        backlog.placeHolds(productId, placed, count);
        try (EventReader reader = new EventReader(workbench, workbench.topics().inventoryEvents(), productId)) {
            workbench.progress().step(name + ": committing them");
            Marks marks = new Marks(count, () -> workbench.cpuTimes(Workbench.INVENTORY, Workbench.BROKER));
            backlog.commit();
            reader.awaitCount(count, done -> {
                marks.reached(done);
                workbench.progress().sometimes(() -> "%s: %,d of %,d decided".formatted(name, done, count));
            });
            Round round = marks.round(name);
            workbench.progress().step(name + ": %,.0f decisions/s; checking them".formatted(round.perSecond()));
            DecisionCheck check = new DecisionCheck(productId, placed, count);
            reader.readAgain(check::add);
            check.requireComplete();
            new StockQuery(workbench).requireHolds(productId, (long) placed + count);
            return round;
        }
    }

    @Override
    public void close() {
        backlog.close();
    }
}
