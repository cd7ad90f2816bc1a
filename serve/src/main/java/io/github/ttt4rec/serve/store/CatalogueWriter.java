package io.github.ttt4rec.serve.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * Writes data on items: unavailable, denied and added items, and attributes. Runs rarely, within {@link EventWriter}'s
 * transactions.
 */
final class CatalogueWriter {
    private final Connection connection;

    CatalogueWriter(Connection connection) {
        this.connection = connection;
    }

    void setAvailability(String item, boolean available) throws SQLException {
        run(
                available
                        ? "DELETE FROM unavailable_item WHERE name = ?"
                        : "INSERT INTO unavailable_item (name) VALUES (?) ON CONFLICT DO NOTHING",
                item);
    }

    void deny(Set<String> items) throws SQLException {
        run("DELETE FROM denied_item");
        for (String item : items) {
            run("INSERT INTO denied_item (name) VALUES (?)", item);
        }
    }

    /** Appends an added item; replaces one of the same id. */
    void add(AddedItem item) throws SQLException {
        run("DELETE FROM added_item_similar WHERE added_item = (SELECT id FROM added_item WHERE name = ?)", item.id());
        run("DELETE FROM added_item WHERE name = ?", item.id());
        run("INSERT INTO added_item (name) VALUES (?)", item.id());
        List<String> similar = item.similarTo();
        for (int place = 0; place < similar.size(); place++) {
            run("""
                    INSERT INTO added_item_similar (added_item, place, name)
                    SELECT id, ?, ? FROM added_item WHERE name = ?""", place, similar.get(place), item.id());
        }
    }

    /** Sets the attributes of an item. */
    void putItem(StoredItem item) throws SQLException {
        run("""
                INSERT INTO item_attributes (name, attributes, sum) VALUES (?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET attributes = excluded.attributes, sum = excluded.sum""", item.id(), item.attributes(), Sums.ofText(item.id(), item.attributes()));
    }

    /** Removes the attributes of an item; returns false if it has none. */
    boolean removeItem(String item) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM item_attributes WHERE name = ?")) {
            return Sql.run(statement, item) > 0;
        }
    }

    /** Sets the definition of a scenario. */
    void putScenario(String name, String definition) throws SQLException {
        run("""
                INSERT INTO scenario (name, definition, sum) VALUES (?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, sum = excluded.sum""", name, definition, Sums.ofText(name, definition));
    }

    /** Removes a scenario. */
    void removeScenario(String name) throws SQLException {
        run("DELETE FROM scenario WHERE name = ?", name);
    }

    /** Stores the type of an attribute. */
    void declare(String attribute, String type) throws SQLException {
        run("INSERT INTO attribute_type (name, type) VALUES (?, ?) ON CONFLICT DO NOTHING", attribute, type);
    }

    private void run(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Sql.run(statement, values);
        }
    }
}
