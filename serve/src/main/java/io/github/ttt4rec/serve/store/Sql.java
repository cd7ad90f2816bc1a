package io.github.ttt4rec.serve.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shortcuts for prepared statements. */
final class Sql {
    private Sql() {}

    /** Converts a row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Sets the parameters. */
    static PreparedStatement bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /** Changes rows and returns their number. */
    static long run(PreparedStatement statement, Object... values) throws SQLException {
        return bind(statement, values).executeUpdate();
    }

    /** Returns the first column of the first row as a number; null if there is no row or the value is NULL. */
    static @Nullable Long number(PreparedStatement query, Object... values) throws SQLException {
        try (ResultSet rows = bind(query, values).executeQuery()) {
            if (!rows.next()) {
                return null;
            }
            long number = rows.getLong(1);
            return rows.wasNull() ? null : number;
        }
    }

    /** Returns all rows. */
    static <T> List<T> rows(PreparedStatement query, Row<T> row, Object... values) throws SQLException {
        List<T> all = new ArrayList<>();
        try (ResultSet rows = bind(query, values).executeQuery()) {
            while (rows.next()) {
                all.add(row.read(rows));
            }
        }
        return all;
    }
}
