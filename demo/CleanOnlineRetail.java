import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the bundled demo data from the UCI data set "Online Retail" (Chen 2015, doi 10.24432/C5BW33, CC BY 4.0): the rows
 * that are purchases of products by known customers. The README beside this file says what is removed and why.
 *
 * <p>Run: {@code java demo/CleanOnlineRetail.java OnlineRetail.csv[.gz] demo}
 */
public final class CleanOnlineRetail {
    /** How times are written in exports of the workbook: ISO by most tools, American by spreadsheets. */
    private static final List<DateTimeFormatter> TIMES = List.of(
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"),
            DateTimeFormatter.ofPattern("M/d/yyyy H:mm"),
            DateTimeFormatter.ofPattern("M/d/yy H:mm"));

    private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm");

    /** A product's code is five digits and perhaps letters; all else is postage, fees, discounts and corrections. */
    private static final String PRODUCT = "[0-9]{5}[A-Z]*";

    private final Map<String, Integer> removed = new LinkedHashMap<>();
    private final Set<String> removedCodes = new TreeSet<>();
    private final Map<String, LocalDateTime> invoiceTimes = new HashMap<>();
    private final Map<String, Map<String, Integer>> descriptions = new TreeMap<>();
    private final Set<String> basketItems = new HashSet<>();
    private final StringBuilder events = new StringBuilder("customer,item,time,invoice\n");
    private int rows;
    private int kept;

    private CleanOnlineRetail() {}

    /** Arguments: the original CSV, gzip or not, and the directory to write to. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: java CleanOnlineRetail.java OnlineRetail.csv[.gz] DIRECTORY");
            System.exit(2);
        }
        CleanOnlineRetail cleaner = new CleanOnlineRetail();
        cleaner.read(Path.of(arguments[0]));
        Path directory = Path.of(arguments[1]);
        write(directory.resolve("online-retail.csv.gz"), cleaner.events.toString());
        write(directory.resolve("products.csv.gz"), cleaner.products());
        cleaner.report();
    }

    private void read(Path file) throws IOException {
        List<List<String>> lines = parse(text(file));
        List<String> header = lines.getFirst();
        int invoice = column(header, "InvoiceNo");
        int code = column(header, "StockCode");
        int description = column(header, "Description");
        int quantity = column(header, "Quantity");
        int date = column(header, "InvoiceDate");
        int customer = column(header, "CustomerID");
        for (List<String> line : lines.subList(1, lines.size())) {
            rows++;
            take(
                    line.get(invoice).strip(),
                    line.get(code).strip().toUpperCase(Locale.ROOT),
                    line.get(description).strip().replaceAll("\\s+", " "),
                    Long.parseLong(line.get(quantity).strip()),
                    line.get(date).strip(),
                    line.get(customer).strip().replaceFirst("[.]0$", ""));
        }
    }

    private void take(String invoice, String code, String description, long quantity, String date, String customer) {
        if (customer.isEmpty()) {
            remove("no CustomerID");
        } else if (invoice.startsWith("C") || quantity <= 0) {
            remove("return or cancellation");
        } else if (!code.matches(PRODUCT)) {
            removedCodes.add(code);
            remove("no product");
        } else {
            descriptions.computeIfAbsent(code, unused -> new LinkedHashMap<>()).merge(description, 1, Integer::sum);
            if (!basketItems.add(invoice + " " + code)) {
                remove("item again in the same invoice");
                return;
            }
            // A few invoices were keyed in over two minutes; a basket has one time here, that of its first line.
            LocalDateTime time = invoiceTimes.computeIfAbsent(invoice, unused -> time(date));
            kept++;
            events.append(customer).append(',').append(code).append(',').append(WRITTEN.format(time)).append(',');
            events.append(invoice).append('\n');
        }
    }

    private void remove(String reason) {
        removed.merge(reason, 1, Integer::sum);
    }

    /** The most frequent description of each product, the earliest of several. */
    private String products() {
        StringBuilder lines = new StringBuilder("item,name\n");
        descriptions.forEach((code, counts) -> {
            String name = "";
            int most = 0;
            for (Map.Entry<String, Integer> entry : counts.entrySet()) {
                if (entry.getValue() > most) {
                    most = entry.getValue();
                    name = entry.getKey();
                }
            }
            String quoted = name.matches(".*[\",].*") ? '"' + name.replace("\"", "\"\"") + '"' : name;
            lines.append(code).append(',').append(quoted).append('\n');
        });
        return lines.toString();
    }

    private void report() {
        System.out.printf(Locale.ROOT, "%,d rows read%n", rows);
        removed.forEach((reason, count) -> System.out.printf(Locale.ROOT, "%,d removed: %s%n", count, reason));
        System.out.println("codes that are no products: " + String.join(", ", removedCodes));
        System.out.printf(Locale.ROOT, "%,d kept, with %,d products%n", kept, descriptions.size());
    }

    private static LocalDateTime time(String text) {
        for (DateTimeFormatter format : TIMES) {
            try {
                return LocalDateTime.parse(text, format);
            } catch (DateTimeParseException e) {
                continue; // the next pattern may fit; if none does, that is an error below
            }
        }
        throw new IllegalArgumentException("not a time: " + text);
    }

    private static int column(List<String> header, String name) {
        int index = header.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no column " + name + " among " + header);
        }
        return index;
    }

    private static String text(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            in.mark(2);
            boolean gzip = in.read() == 0x1F && in.read() == 0x8B;
            in.reset();
            bytes = gzip ? new GZIPInputStream(in).readAllBytes() : in.readAllBytes();
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1); // some copies have pound signs in Latin-1
        }
    }

    private static List<List<String>> parse(String text) {
        List<List<String>> lines = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                fields.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    lines.add(fields);
                    fields = new ArrayList<>(fields.size());
                }
            } else if (quoted || c != '\r') {
                field.append(c);
            }
        }
        if (!fields.isEmpty()) {
            fields.add(field.toString());
            lines.add(fields);
        }
        return lines;
    }

    /** Java's gzip header holds neither time nor name, so the same text gives the same bytes. */
    private static void write(Path file, String text) throws IOException {
        try (OutputStream out = new BestGzip(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
