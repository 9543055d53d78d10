package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.local.Main;
import io.flashsale.local.SubCommand;
import io.flashsale.local.UsageException;
import java.io.PrintStream;
import java.util.List;

/** {@code ./flashsale products}: what is on sale, and how much of it is left. */
public final class ProductsCommand implements SubCommand {

    private final PrintStream out;

    public ProductsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public int run(List<String> arguments) throws UsageException {
        ViewOptions options = ViewOptions.parse(arguments);
        Target target = options.where().target();
        try (Shop shop = new Shop(target.url())) {
            shop.requireRunning();
            ProductList list = ProductList.read(shop);
            if (options.json()) {
                out.println(Json.MAPPER.writeValueAsString(list.document()));
            } else {
                out.println("Products of " + target.url());
                out.println();
                list.lines().forEach(out::println);
            }
        }
        return Main.OK;
    }
}
