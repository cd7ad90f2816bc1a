package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.benchmarks.models.MadeUpModels;
import io.github.ttt4rec.internal.AtomicFiles;
import io.github.ttt4rec.internal.Ranges;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Writes a synthetic shop to serve and to load: a model, items with attributes, scenarios with rules, requests with
 * filters.
 */
@Command(
        name = "shop",
        description = {
            "Write a synthetic shop: a model, items in 500 categories with prices, brands and labels, five scenarios"
                    + " with 20 rules, and 1,000 filters for the command load.",
            ""
        },
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = {
            "  benchmarks/run shop --out /var/tmp/shop",
            "  ./ttt4rec serve --model /var/tmp/shop/model --items /var/tmp/shop/items.jsonl --state /var/tmp/shop/load.db &",
            "  for n in 1 2 3 4 5; do curl -X PUT -H 'Content-Type: application/json' \\",
            "      -d @/var/tmp/shop/scenario-$n.json http://127.0.0.1:8080/v1/scenarios/scenario-$n; done",
            "  benchmarks/run load --url http://127.0.0.1:8080 --rate 1000 --queries /var/tmp/shop/queries.txt",
        })
public final class ShopCommand implements Callable<Integer> {
    private static final int ROOTS = 25;
    private static final int BELOW_EACH = 20;
    private static final int BRANDS = 200;
    private static final int QUERIES = 1_000;
    private static final int SCENARIOS = 5;

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Directory to write to.")
    private Path out;

    @Option(
            names = "--items",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Items (default: ${DEFAULT-VALUE}).")
    private int items;

    /** Called by picocli. */
    public ShopCommand() {}

    @Override
    public Integer call() {
        try {
            Ranges.require(items >= 100 && items <= 10_000_000, "items must be between 100 and 10,000,000");
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--" + wrong.getMessage(), wrong);
        }
        try {
            Files.createDirectories(out);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        SplittableRandom random = new SplittableRandom(1);
        MadeUpModels.of(items).save(out.resolve("model"));
        AtomicFiles.writeText(out.resolve("items.jsonl"), writer -> {
            for (int item = 0; item < items; item++) {
                writer.write(item(item, random));
            }
        });
        for (int n = 1; n <= SCENARIOS; n++) {
            double factor = 1 + 0.2 * n;
            int pinned = random.nextInt(items);
            String rules = """
                    {"rules": [
                      {"type": "never", "where": "label = 'adult'"},
                      {"type": "boost", "where": "label = 'sale'", "factor": %s},
                      {"type": "at_most", "count": 3, "per": "category"},
                      {"type": "pin", "item": "i%d", "place": 2}]}
                    """.formatted(factor, pinned);
            AtomicFiles.writeText(out.resolve("scenario-" + n + ".json"), writer -> writer.write(rules));
        }
        AtomicFiles.writeText(out.resolve("queries.txt"), writer -> {
            for (int n = 0; n < QUERIES; n++) {
                writer.write("scenario=scenario-" + (1 + n % SCENARIOS) + "&filter="
                        + URLEncoder.encode(filter(random), StandardCharsets.UTF_8) + "\n");
            }
        });
        PrintWriter text = spec.commandLine().getOut();
        text.println(out + ": a model of " + items + " items, their attributes, " + SCENARIOS + " scenarios, " + QUERIES
                + " queries");
        text.flush();
        return 0;
    }

    private static String category(SplittableRandom random) {
        return "c" + random.nextInt(ROOTS) + " > s" + random.nextInt(BELOW_EACH);
    }

    private static double price(SplittableRandom random) {
        return Math.round(100 * Math.exp(random.nextDouble(6))) / 100.0;
    }

    private static String item(int item, SplittableRandom random) {
        List<String> labels = List.of("sale", "new", "adult", "vegan");
        return "{\"item\": \"i" + item + "\", \"categories\": [\"" + category(random) + "\"], \"labels\": [\""
                + labels.get(random.nextInt(labels.size())) + "\"], \"attributes\": {\"price\": " + price(random)
                + ", \"brand\": \"brand " + random.nextInt(BRANDS) + "\"}}\n";
    }

    private static String filter(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> "category = \"" + category(random) + "\"";
            case 1 ->
                "category in (\"c" + random.nextInt(ROOTS) + "\", \"c" + random.nextInt(ROOTS) + "\") and price < "
                        + price(random);
            case 2 -> "brand = \"brand " + random.nextInt(BRANDS) + "\" or label = \"vegan\"";
            default -> "price < " + price(random) + " and not label = \"new\"";
        };
    }
}
