package io.github.ttt4rec.benchmarks.models;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A synthetic shop: an untrained model, items in 500 categories with prices, brands and labels, five scenarios with
 * four rules each, and requests with filters. The same number of items gives the same files.
 *
 * @param directory the directory of its files
 * @param items the number of items
 */
public record SyntheticShop(Path directory, int items) {
    /** The number of categories without subcategories. */
    public static final int CATEGORIES = 500;

    /** The number of scenarios. */
    public static final int SCENARIOS = 5;

    /** The number of rules in all scenarios. */
    public static final int RULES = 4 * SCENARIOS;

    private static final int ROOTS = 25;
    private static final int BRANDS = 200;
    private static final int QUERIES = 1_000;
    private static final List<String> LABELS = List.of("sale", "new", "adult", "vegan");
    private static final double MIN_FILTERED_PRICE = 5;

    private Path model() {
        return directory.resolve("model");
    }

    private Path itemsFile() {
        return directory.resolve("items.jsonl");
    }

    private Path queriesFile() {
        return directory.resolve("queries.txt");
    }

    /** The file of a scenario, from 1. */
    public Path scenario(int number) {
        return directory.resolve(name(number) + ".json");
    }

    /** The name of a scenario, from 1. */
    public static String name(int number) {
        return "scenario-" + number;
    }

    /** Returns the parameters of requests: a scenario and a filter each, percent-encoded. */
    public List<String> queries() {
        SplittableRandom random = new SplittableRandom(2);
        List<String> queries = new ArrayList<>();
        for (int n = 0; n < QUERIES; n++) {
            queries.add("scenario=" + name(1 + n % SCENARIOS) + "&filter="
                    + URLEncoder.encode(filter(random), StandardCharsets.UTF_8));
        }
        return queries;
    }

    /** Writes all files, except a model and items that an earlier run of the same size wrote. */
    public void write() {
        try {
            Files.createDirectories(directory);
            Path size = directory.resolve("size.txt");
            String own = items + "\n";
            if (!Files.exists(size)) {
                MadeUpModels.of(items).save(model());
                writeItems();
                AtomicFiles.writeText(size, writer -> writer.write(own));
            } else if (!Files.readString(size).equals(own)) {
                throw new UserFacingException(directory + ": holds a shop of "
                        + Files.readString(size).strip() + " items, not of " + items + ": name another directory");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        SplittableRandom random = new SplittableRandom(3);
        for (int n = 1; n <= SCENARIOS; n++) {
            String rules = rules(1 + 0.2 * n, random.nextInt(items));
            AtomicFiles.writeText(scenario(n), writer -> writer.write(rules));
        }
        List<String> queries = queries();
        AtomicFiles.writeText(queriesFile(), writer -> {
            for (String query : queries) {
                writer.write(query + "\n");
            }
        });
    }

    private void writeItems() {
        SplittableRandom random = new SplittableRandom(1);
        AtomicFiles.writeText(itemsFile(), writer -> {
            for (int item = 0; item < items; item++) {
                writer.write("{\"item\": \"i" + item + "\", \"categories\": [\"" + category(item % CATEGORIES)
                        + "\"], \"labels\": [\"" + LABELS.get(random.nextInt(LABELS.size()))
                        + "\"], \"attributes\": {\"price\": " + price(random) + ", \"brand\": \"brand "
                        + random.nextInt(BRANDS) + "\"}}\n");
            }
        });
    }

    private static String rules(double factor, int pinned) {
        return """
                {"rules": [
                  {"type": "never", "where": "label = 'adult'"},
                  {"type": "boost", "where": "label = 'sale'", "factor": %s},
                  {"type": "at_most", "count": 3, "per": "category"},
                  {"type": "pin", "item": "i%d", "place": 2}]}
                """.formatted(factor, pinned);
    }

    private static String category(int number) {
        return "c" + number % ROOTS + " > s" + number / ROOTS;
    }

    private static double price(SplittableRandom random) {
        return Math.round(100 * Math.exp(random.nextDouble(6))) / 100.0;
    }

    private static String filter(SplittableRandom random) {
        double price = Math.max(MIN_FILTERED_PRICE, price(random));
        return switch (random.nextInt(4)) {
            case 0 -> "category = \"" + category(random.nextInt(CATEGORIES)) + "\"";
            case 1 ->
                "category in (\"c" + random.nextInt(ROOTS) + "\", \"c" + random.nextInt(ROOTS) + "\") and price < "
                        + price;
            case 2 -> "brand = \"brand " + random.nextInt(BRANDS) + "\" or label = \"vegan\"";
            default -> "price < " + price + " and not label = \"new\"";
        };
    }
}
