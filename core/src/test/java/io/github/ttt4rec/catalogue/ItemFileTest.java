package io.github.ttt4rec.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.read.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ItemFileTest {
    @TempDir
    private Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void csvAndJsonLinesGiveTheSameItems() throws IOException {
        Path csv = file("items.csv", """
                item,title,category,label,available_until,price,colour,size
                a,"Boots, red",shoes > boots|sale,new|adult,2030-01-01,29.90,red|black,38
                b,,bags,,,,,XL
                """);
        Path lines = file("items.jsonl", """
                {"item":"a","title":"Boots, red","categories":[["shoes","boots"],"sale"],"labels":["new","adult"],
                """.strip() + """
                "available_until":"2030-01-01T00:00:00Z","attributes":{"price":29.9,"colour":["red","black"],"size":"38"}}

                {"item":"b","categories":["bags"],"attributes":{"size":"XL"}}
                """);
        List<ItemRecord> items = ItemFile.read(csv);
        assertThat(items).isEqualTo(ItemFile.read(lines));
        assertThat(items.getFirst().attributes().values())
                .containsEntry("price", new AttributeValue.Quantity(29.9))
                .containsEntry("size", new AttributeValue.Words(List.of("38")));
        assertThat(items.getFirst().attributes().categories())
                .containsExactly(new Category(List.of("shoes", "boots")), new Category(List.of("sale")));
        assertThat(items.get(1).attributes().values())
                .isEqualTo(Map.of("size", new AttributeValue.Words(List.of("XL"))));
    }

    @Test
    void listsAndDecimalsOfParquetAreRead() {
        assertThat(rows("pq_decimal.parquet"))
                .hasSize(312)
                .contains(Map.of("user_id", List.of("1"), "item_id", List.of("3"), "timestamp", List.of("1388874300")));
        List<Map<String, List<String>>> lists = rows("pq_nested.parquet");
        assertThat(lists).allSatisfy(row -> assertThat(row).containsOnlyKeys("user_id", "item_id", "timestamp"));
        assertThat(lists.stream().mapToInt(row -> row.get("item_id").size()).sum())
                .isEqualTo(312);
    }

    private static List<Map<String, List<String>>> rows(String name) {
        List<Map<String, List<String>>> rows = new ArrayList<>();
        Datasets.parquetRows(Path.of("src/test/resources/logs", name), rows::add);
        return rows;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id,price;a,3|line 1: no column \"item\"",
                "item,price;a,3;a,4|line 3: item 'a' occurs twice",
                "item,price;,3|line 2: the item's id is empty",
                "item,unit price;a,3|line 1: column: attributes: 'unit price' cannot name an attribute",
                "item,category;a,x > y > x|line 2: categories: category 'x > y > x' lies within itself",
                "item,available_from;a,soon|line 2: available_from: ",
                "item,available_from,available_until;a,2030-01-01,2029-01-01|line 2: available_until: must be later",
            })
    void csvErrorsNameTheLine(String text, String problem) throws IOException {
        Path csv = file("items.csv", text.replace(';', '\n'));
        assertThatThrownBy(() -> ItemFile.read(csv))
                .isInstanceOf(UserFacingException.class)
                .hasMessageStartingWith(csv + ", " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"item\":\"a\",\"lables\":[]}|line 1: lables: unknown member, did you mean 'labels'?",
                "{\"item\":\"a\"};[]|line 2: item: a JSON object is expected",
                "{\"item\":\"a\"};nonsense|line 2: no JSON object",
                "{\"title\":\"x\"}|line 1: item: must be a string",
                "{\"item\":\"a\",\"attributes\":{\"new\":true}}|line 1: new: must be a number, a string",
                "{\"item\":\"a\",\"attributes\":{\"label\":\"x\"}}|line 1: attributes: 'label' is a name with a meaning",
                "{\"item\":\"a\",\"title\":\"\"}|line 1: title: must have 1 to 1000 characters",
            })
    void jsonErrorsNameTheLine(String text, String problem) throws IOException {
        Path lines = file("items.ndjson", text.replace(';', '\n'));
        assertThatThrownBy(() -> ItemFile.read(lines))
                .isInstanceOf(UserFacingException.class)
                .hasMessageStartingWith(lines + ", " + problem);
    }
}
