package io.flashsale.inventory.domain;

/**
 * Where a product's units are. Every movement keeps {@link #total()}; only {@link #resizedTo} changes it. A movement
 * that would make a number negative is a broken rule, never a business case, and throws.
 *
 * @param available free to be held
 * @param held in active holds
 * @param pending in unpaid orders
 * @param sold in paid orders
 */
public record Stock(int available, int held, int pending, int sold) {

    public Stock {
        if (available < 0 || held < 0 || pending < 0 || sold < 0) {
            throw new IllegalStateException("Negative stock: available " + available + ", held " + held + ", pending "
                    + pending + ", sold " + sold);
        }
    }

    public int total() {
        return available + committed();
    }

    /** Units that are promised to somebody; the total cannot be set below. */
    public int committed() {
        return held + pending + sold;
    }

    public int reserved() {
        return held + pending;
    }

    Stock resizedTo(int total) {
        return new Stock(total - committed(), held, pending, sold);
    }

    Stock hold(int quantity) {
        return new Stock(available - quantity, held + quantity, pending, sold);
    }

    Stock letGo(int quantity) {
        return new Stock(available + quantity, held - quantity, pending, sold);
    }

    Stock redeem(int quantity) {
        return new Stock(available, held - quantity, pending + quantity, sold);
    }

    Stock sell(int quantity) {
        return new Stock(available, held, pending - quantity, sold + quantity);
    }

    Stock giveBack(int quantity) {
        return new Stock(available + quantity, held, pending - quantity, sold);
    }

    Stock takeAgain(int quantity) {
        return new Stock(available - quantity, held, pending + quantity, sold);
    }
}
