package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.Catalogue;
import io.github.ttt4rec.catalogue.InvalidAttributeException;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.ItemFile;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.cli.report.DataReport;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.live.LiveCatalogue;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The items of a file, whose attributes a training reads. */
final class TrainingItems {
    private static final TrainingItems NONE = new TrainingItems("", Map.of());

    private final String file;
    private final Map<String, ItemAttributes> attributes;

    private TrainingItems(String file, Map<String, ItemAttributes> attributes) {
        this.file = file;
        this.attributes = attributes;
    }

    /** Reads a file; null gives no items. */
    static TrainingItems read(@Nullable Path file) {
        if (file == null) {
            return NONE;
        }
        List<ItemRecord> items = ItemFile.read(file);
        try {
            // A server would refuse the file as well.
            new Catalogue().newTypes(items);
        } catch (InvalidAttributeException e) {
            throw new UserFacingException(file + ": " + e.getMessage(), e);
        }
        Map<String, ItemAttributes> attributes = LinkedHashMap.newLinkedHashMap(items.size());
        items.forEach(item -> attributes.put(item.id(), item.attributes()));
        return new TrainingItems(String.valueOf(file.getFileName()), attributes);
    }

    /** The attributes by item, in the order of the file. */
    Map<String, ItemAttributes> attributes() {
        return attributes;
    }

    /** Prints how many items of the log have attributes. */
    void print(PrintWriter out, Dataset log) {
        if (attributes.isEmpty()) {
            return;
        }
        long described =
                log.items().names().stream().filter(attributes::containsKey).count();
        String text =
                Text.format("%s: attributes of %,d of the %,d items of the log", file, described, log.itemCount());
        if (described < log.itemCount()) {
            text += Text.format("; %,d have none and keep to their events", log.itemCount() - described);
        }
        if (described < attributes.size()) {
            text += Text.format("; %,d items of the file are not in the log", attributes.size() - described);
        }
        DataReport.section(out, "Items", text);
    }

    /**
     * Adds the items of the file that training has not seen to a model, which computes their vectors from their
     * attributes, and prints how many.
     */
    TrainedModel addUnseen(TrainedModel model, PrintWriter out) {
        if (!model.encodesAttributes()) {
            return model;
        }
        LiveCatalogue.Described found = LiveCatalogue.newItems(model, attributes);
        if (!found.added().isEmpty()) {
            out.println("Added " + Text.count(found.added().size(), "item") + " without events by their attributes");
        }
        if (found.strange() > 0) {
            out.println("Left out " + Text.count(found.strange(), "item")
                    + " without events, because no two items of the log have one of their attributes");
        }
        if (found.beyond() > 0) {
            out.println(
                    "Left out " + Text.count(found.beyond(), "item")
                            + " without events: a model has at most as many items without events as items with events, or 1,000");
        }
        return found.added().isEmpty() ? model : model.withItems(found.added());
    }
}
