package io.github.ttt4rec.cli.report;

import io.github.ttt4rec.catalogue.AttributeValue;
import io.github.ttt4rec.catalogue.Category;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.catalogue.TimeWindow;
import io.github.ttt4rec.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Derives attributes of the demo's products, because the data has none: categories and labels from the words of their
 * descriptions, the day of the first purchase, and the number of purchases.
 */
public final class DemoCatalogue {
    private static final Category OTHER = Category.parse("other");

    /** The scenario of the demo's shop, by its name, as an example to try and to change. */
    public static final Map<String, String> SCENARIOS = Map.of("home", """
            {"k": 10, "exclude_seen": true, "rules": [
              {"name": "nothing rare", "type": "never", "where": "bought < 20"},
              {"name": "Christmas is near", "type": "boost", "where": "category = \\"seasons > christmas\\"", "factor": 2},
              {"name": "varied", "type": "at_most", "count": 3, "per": "category", "level": 2}]}
            """);

    /** The words that indicate each category. A product belongs to the first category that has one of its words. */
    private static final Map<String, Set<String>> WORDS = words();

    private static final Map<String, Set<String>> LABELS = Map.of(
            "set", Set.of("SET", "PACK", "S/3", "S/4", "S/6"),
            "vintage", Set.of("VINTAGE", "RETRO", "ANTIQUE", "REGENCY"),
            "hearts", Set.of("HEART", "HEARTS", "LOVE"),
            "wood", Set.of("WOOD", "WOODEN"));

    private DemoCatalogue() {}

    private static Map<String, Set<String>> words() {
        Map<String, Set<String>> words = new LinkedHashMap<>();
        words.put("seasons > christmas", Set.of("CHRISTMAS", "XMAS", "ADVENT", "SANTA", "REINDEER", "SNOWFLAKE"));
        words.put("seasons > easter", Set.of("EASTER", "BUNNY", "CHICK"));
        words.put("bags", Set.of("BAG", "BAGS", "SHOPPER", "PURSE", "WALLET", "SATCHEL", "HANDBAG"));
        words.put(
                "toys",
                Set.of("TOY", "TOYS", "GAME", "PUZZLE", "DOLL", "DOLLY", "CHILDRENS", "CHILDREN'S", "SPACEBOY"));
        words.put(
                "kitchen > tea and coffee",
                Set.of("MUG", "MUGS", "CUP", "CUPS", "TEACUP", "TEAPOT", "TEA", "COFFEE", "SAUCER"));
        words.put(
                "kitchen > baking",
                Set.of("CAKE", "CAKES", "CAKESTAND", "BAKING", "COOKIE", "BISCUIT", "MOULD", "JELLY"));
        words.put(
                "kitchen > table",
                Set.of(
                        "PLATE", "PLATES", "BOWL", "BOWLS", "NAPKINS", "CUTLERY", "LUNCH", "BOTTLE", "JUG", "APRON",
                        "JAR"));
        words.put(
                "home > lights", Set.of("LIGHT", "LIGHTS", "T-LIGHT", "LANTERN", "CANDLE", "CANDLES", "LAMP", "NIGHT"));
        words.put(
                "home > storage",
                Set.of("BOX", "BASKET", "TIN", "TINS", "DRAWER", "CABINET", "HOOK", "HANGER", "RACK"));
        words.put(
                "home > decoration",
                Set.of("FRAME", "CLOCK", "MIRROR", "CUSHION", "DOORMAT", "SIGN", "DECORATION", "BUNTING", "ORNAMENT"));
        words.put(
                "paper",
                Set.of(
                        "CARD",
                        "CARDS",
                        "WRAP",
                        "RIBBON",
                        "RIBBONS",
                        "PAPER",
                        "TISSUES",
                        "STICKERS",
                        "PENCILS",
                        "PEN",
                        "NOTEBOOK"));
        words.put("jewellery", Set.of("NECKLACE", "BRACELET", "EARRINGS", "RING", "BROOCH", "CHARM"));
        words.put("garden", Set.of("GARDEN", "PLANT", "PLANTER", "WATERING", "HERB", "SEEDS", "BIRD"));
        return words;
    }

    /** Returns the attributes of every product in {@code log}. */
    public static List<ItemRecord> of(Dataset log, Map<String, String> titles) {
        long[] first = new long[log.itemCount() + 1];
        Arrays.fill(first, Long.MAX_VALUE);
        int[] bought = new int[first.length];
        for (int event = 0; event < log.events().length; event++) {
            int item = log.events()[event];
            first[item] = Math.min(first[item], log.times()[event]);
            bought[item]++;
        }
        List<ItemRecord> items = new ArrayList<>();
        for (int item = 1; item < first.length; item++) {
            if (bought[item] > 0) {
                String id = log.items().name(item);
                items.add(new ItemRecord(id, attributes(titles.getOrDefault(id, id), first[item], bought[item])));
            }
        }
        return items;
    }

    private static ItemAttributes attributes(String title, long first, int bought) {
        Set<String> words = Set.copyOf(
                Arrays.asList(title.toUpperCase(Locale.ROOT).replace(",", " ").split("\\s+")));
        Category category = WORDS.entrySet().stream()
                .filter(each -> each.getValue().stream().anyMatch(words::contains))
                .map(each -> Category.parse(each.getKey()))
                .findFirst()
                .orElse(OTHER);
        List<String> labels = LABELS.entrySet().stream()
                .filter(each -> each.getValue().stream().anyMatch(words::contains))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return new ItemAttributes(
                title,
                null,
                null,
                List.of(category),
                labels,
                Map.of("bought", new AttributeValue.Quantity(bought)),
                new TimeWindow(first, Long.MAX_VALUE));
    }
}
