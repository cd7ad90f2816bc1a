package io.github.ttt4rec.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Generates the vector kernels from the templates in {@code src/test/templates}, which are Java with these extensions:
 * <ul>
 * <li>{@code T name = f(a, b);}, with f defined in {@code functions.txt}, is replaced by the text of f.
 * <li>{@code %for i : n … %end} is a loop over whole vectors, followed by the same body with a mask for the rest.
 * Inside, {@code load(x, at)} and {@code v.store(y, at)} are masked in the second part, and {@code inside(v)} is v with
 * zeros beyond the row's end.
 * <li>{@code %dispatch} passes the method's arguments to the class for the length of the row, which is the parameter n
 * or channels.
 * <li>{@code each S#;} is repeated for each vector of a row, {@code fold T s = first# | next#;} combines them one after
 * the other; {@code $V} is the number of vectors per row.
 * </ul>
 */
final class TemplateSources {
    private static final Pattern CALL = Pattern.compile("(\\s*)(?:(\\w+) )?(\\w+) = (\\w+)\\(([^()]*)\\);");
    private static final Pattern DEFINITION = Pattern.compile("define (\\w+)\\((.*)\\)");
    private static final Pattern LOCAL = Pattern.compile("\\s*(?:FloatVector|float|int) (\\w+) = .*");
    private static final Pattern LOOP = Pattern.compile("(\\s*)%for (\\w+) : (\\w+)");
    private static final Pattern LOAD = Pattern.compile("\\bload\\((\\w+), ([^(),]+)\\)");
    private static final Pattern STORE = Pattern.compile("\\.store\\((\\w+), ([^(),]+)\\)");
    private static final String[] MEMBERS = {
        "EXP_MAX",
        "EXP_MIN",
        "GELU_CUBIC",
        "GELU_SLOPE",
        "LANES",
        "LN2_HIGH",
        "LN2_LOW",
        "LOG2_E",
        "NORMAL_DENSITY_AT_0",
        "PARTNER_EIGHTH",
        "PARTNER_HALF",
        "PARTNER_QUARTER",
        "PARTNER_SIXTEENTH",
        "ROTATE_1",
        "ROTATE_2",
        "ROTATE_4",
        "ROTATE_8",
        "ROUNDER",
        "SPECIES",
        "UPPER_HALF"
    };
    private static final String[] TYPES = {"FloatVector", "VectorMask", "VectorOperators"};
    private static final String[] WHOLE = {
        "VectorActivation",
        "VectorCausal",
        "VectorElement",
        "VectorGemm",
        "VectorNorm",
        "VectorOptimizer",
        "VectorRecurrent",
        "VectorSoftmax",
        "VectorStateSpace"
    };

    /** Templates that are generated twice: for rows of whole vectors, and for other rows. */
    private static final String[] LOOPS = {"Norms", "Recurrent", "StateSpace"};

    /** The form of a loop over a row. */
    private enum Loop {
        WHOLE,
        WITH_TAIL,
        RAGGED
    }

    private record Function(List<String> parameters, List<String> body) {}

    private final Path templates;
    private final Map<String, Function> functions = new HashMap<>();

    private TemplateSources(Path templates) throws IOException {
        this.templates = templates;
        readFunctions();
    }

    /** The text of each class by its name. */
    static Map<String, String> all(Path module) throws IOException {
        TemplateSources sources = new TemplateSources(module.resolve("src/test/templates"));
        Map<String, String> all = new TreeMap<>();
        for (String name : WHOLE) {
            all.put(name, sources.source(name, 1, Loop.WITH_TAIL));
        }
        for (int vectors : new int[] {1, 2, 4}) {
            all.put("RowNorms" + vectors, sources.source("RowNorms", vectors, Loop.WITH_TAIL));
        }
        for (int vectors : new int[] {1, 2, 4, 8}) {
            all.put("CausalRows" + vectors, sources.source("CausalRows", vectors, Loop.WITH_TAIL));
        }
        for (String name : LOOPS) {
            all.put("Whole" + name, sources.source("Loop" + name, 1, Loop.WHOLE));
            all.put("Ragged" + name, sources.source("Loop" + name, 1, Loop.RAGGED));
        }
        return all;
    }

    private void readFunctions() throws IOException {
        List<String> body = new ArrayList<>();
        for (String line : Files.readAllLines(templates.resolve("functions.txt"))) {
            Matcher definition = DEFINITION.matcher(line);
            if (definition.matches()) {
                body = new ArrayList<>();
                functions.put(
                        definition.group(1),
                        new Function(List.of(definition.group(2).split(", ")), body));
            } else if (!line.isBlank() && !line.startsWith("//")) {
                body.add(line);
            }
        }
    }

    private String source(String name, int vectors, Loop loop) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(templates.resolve(name + ".txt"))) {
            repeat(line, vectors, lines);
        }
        String text = String.join("\n", loops(calls(dispatched(lines)), loop)) + "\n";
        text = vectors(access(text, ""), vectors)
                .replace("$KIND", loop == Loop.WHOLE ? "whole vectors" : "any length")
                .replace("$C", loop == Loop.WHOLE ? "Whole" : "Ragged");
        return GeneratedSources.header(used(MEMBERS, text), used(TYPES, text)) + text;
    }

    private static String vectors(String text, int vectors) {
        return text.replace("$VECTORS", vectors == 1 ? "one vector" : vectors + " vectors")
                .replace("$V", Integer.toString(vectors));
    }

    private static String[] used(String[] names, String text) {
        List<String> used = new ArrayList<>();
        for (String name : names) {
            if (Pattern.compile("\\b" + name + "\\b").matcher(text).find()) {
                used.add(name);
            }
        }
        return used.toArray(String[]::new);
    }

    /** Repeats a line for each vector of a row. */
    private static void repeat(String line, int vectors, List<String> out) {
        String statement = line.stripLeading();
        String indent = line.substring(0, line.length() - statement.length());
        if (statement.startsWith("each ")) {
            for (int v = 0; v < vectors; v++) {
                out.add(indent
                        + statement
                                .substring(5)
                                .replace(" + # * LANES", offset(v))
                                .replace("#", "" + v));
            }
        } else if (statement.startsWith("fold ")) {
            String[] parts = statement.substring(5).split(" = | \\| ", 0);
            String name = parts[0].substring(parts[0].indexOf(' ') + 1);
            out.add(indent + parts[0] + " = " + parts[1].replace("#", "0") + ";");
            for (int v = 1; v < vectors; v++) {
                out.add(indent + name + " = " + parts[2].replace("#", "" + v));
            }
        } else {
            out.add(line);
        }
    }

    private static String offset(int vector) {
        return switch (vector) {
            case 0 -> "";
            case 1 -> " + LANES";
            default -> " + " + vector + " * LANES";
        };
    }

    /**
     * Generates methods that choose between the classes by the length of a row, which is the parameter n or channels.
     */
    private static List<String> dispatched(List<String> lines) {
        List<String> out = new ArrayList<>();
        String family = "";
        String method = "";
        StringBuilder signature = new StringBuilder();
        for (String line : lines) {
            if (line.startsWith("interface ")) {
                family = line.split(" ", 0)[1].substring("Vector".length());
                family = family.equals("Norm") ? "Norms" : family;
            }
            if (line.contains("default void ") || line.contains("private static void ")) {
                signature.setLength(0);
                method = line.substring(line.indexOf("void ") + 5, line.indexOf('('));
            }
            signature.append(line);
            if (!line.strip().equals("%dispatch")) {
                out.add(line);
                continue;
            }
            List<String> parameters = new ArrayList<>();
            String list = signature.substring(signature.indexOf("(") + 1, signature.indexOf(")"));
            for (String parameter : list.strip().split(",\\s+", 0)) {
                parameters.add(parameter.substring(parameter.indexOf(' ') + 1));
            }
            if (family.equals("Norms") && !method.startsWith("rms")) {
                List<String> others = new ArrayList<>(parameters);
                others.remove("n");
                String least = method.endsWith("RegressionBackward") ? "n >= 8 && " : "";
                for (int vectors : new int[] {1, 2, 4}) {
                    String length = vectors == 1 ? "LANES" : vectors + " * LANES";
                    out.add("        if (" + least + "n <= 16 && n == " + length + ") {");
                    out.add("            RowNorms" + vectors + "." + method + "(" + String.join(", ", others) + ");");
                    out.add("            return;\n        }");
                }
            }
            String n = parameters.contains("n") ? "n" : "channels";
            String call = "." + method + "(" + String.join(", ", parameters) + ");";
            out.add("        if (" + n + " % LANES == 0) {");
            out.add("            Whole" + family + call);
            out.add("        } else {");
            out.add("            Ragged" + family + call);
            out.add("        }");
        }
        return out;
    }

    private List<String> calls(List<String> lines) {
        List<String> out = new ArrayList<>();
        for (String line : lines) {
            Matcher call = CALL.matcher(line);
            Function function = call.matches() ? functions.get(call.group(4)) : null;
            if (function == null) {
                out.add(line);
            } else {
                String type = call.group(2) == null ? "" : call.group(2) + " ";
                out.addAll(calls(expand(
                        function,
                        call.group(1),
                        type,
                        call.group(3),
                        call.group(5).split(", "))));
            }
        }
        return out;
    }

    private static List<String> expand(Function function, String indent, String type, String name, String[] arguments) {
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            names.put(function.parameters().get(i), arguments[i]);
        }
        for (String line : function.body()) {
            Matcher local = LOCAL.matcher(line);
            if (local.matches()) {
                String of = local.group(1);
                names.put(of, name + Character.toUpperCase(of.charAt(0)) + of.substring(1));
            }
        }
        List<String> out = new ArrayList<>();
        for (String line : function.body()) {
            Matcher word = Pattern.compile("(?<![.\\w])[a-z]\\w*").matcher(line);
            String renamed = word.replaceAll(w -> names.getOrDefault(w.group(), w.group()));
            out.add(indent + (renamed.startsWith("return ") ? type + name + " = " + renamed.substring(7) : renamed));
        }
        return out;
    }

    private static List<String> loops(List<String> lines, Loop kind) {
        List<String> out = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            Matcher loop = LOOP.matcher(lines.get(at));
            if (!loop.matches()) {
                out.add(lines.get(at));
                continue;
            }
            int end = at;
            while (!lines.get(end).strip().equals("%end")) {
                end++;
            }
            String indent = loop.group(1);
            String i = loop.group(2);
            String n = loop.group(3);
            String body = String.join("\n", lines.subList(at + 1, end));
            String rest = indent + "    VectorMask<Float> rest = SPECIES.indexInRange(" + i + ", " + n + ");";
            if (kind == Loop.RAGGED) {
                out.add(indent + "for (int " + i + " = 0; " + i + " < " + n + "; " + i + " += LANES) {");
                out.addAll(List.of(rest, access(body, ", rest"), indent + "}"));
            } else {
                out.add(indent + "for (int " + i + " = 0; " + i + " <= " + n + " - LANES; " + i + " += LANES) {");
                out.addAll(List.of(access(body, ""), indent + "}"));
            }
            if (kind == Loop.WITH_TAIL) {
                out.add(indent + "if ((" + n + " & (LANES - 1)) != 0) {");
                out.add(indent + "    int " + i + " = " + n + " & -LANES;");
                out.addAll(List.of(rest, access(body, ", rest"), indent + "}"));
            }
            at = end;
        }
        return out;
    }

    private static String access(String text, String mask) {
        String loaded = LOAD.matcher(text).replaceAll("FloatVector.fromArray(SPECIES, $1, $2" + mask + ")");
        String stored = STORE.matcher(loaded).replaceAll(".intoArray($1, $2" + mask + ")");
        return inside(stored, !mask.isEmpty());
    }

    private static String inside(String text, boolean masked) {
        int start = text.indexOf("inside(");
        if (start < 0) {
            return text;
        }
        int open = start + "inside".length();
        int close = open;
        for (int depth = 0; ; close++) {
            depth += text.charAt(close) == '(' ? 1 : text.charAt(close) == ')' ? -1 : 0;
            if (depth == 0) {
                break;
            }
        }
        String value = text.substring(open + 1, close);
        String kept = masked ? "FloatVector.zero(SPECIES).blend(" + value + ", rest)" : value;
        return text.substring(0, start) + kept + inside(text.substring(close + 1), masked);
    }
}
