package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Tests that the types of the JavaScript client are those of the OpenAPI document and of its code. */
class TypeScriptTypesTest {
    private static final Path CLIENT =
            Path.of("../clients/javascript").toAbsolutePath().normalize();

    private static final String HEAD = """
            // Made from the schemas of the server's OpenAPI document by TypeScriptTypesTest; do not edit.
            """;

    @Test
    void schemasAreThoseOfTheDocument() throws IOException {
        JsonNode document;
        try (InputStream in = TypeScriptTypesTest.class.getResourceAsStream("openapi.yaml")) {
            document = new YAMLMapper().readTree(in);
        }
        StringBuilder types = new StringBuilder(HEAD);
        document.at("/components/schemas")
                .properties()
                .forEach(schema -> types.append('\n')
                        .append(comment(schema.getValue(), ""))
                        .append("export type ")
                        .append(schema.getKey())
                        .append(" = ")
                        .append(type(schema.getValue(), ""))
                        .append(";\n"));
        Path file = CLIENT.resolve("schemas.d.ts");
        if (Boolean.getBoolean("ttt4rec.generate")) {
            Files.writeString(file, types);
        }
        assertThat(Files.readString(file))
                .as("run ./mvnw -pl serve -am test -Dtest=TypeScriptTypesTest -Dsurefire.failIfNoSpecifiedTests=false"
                        + " -Dttt4rec.generate=true")
                .isEqualTo(types.toString());
    }

    @Test
    void declarationsNameTheMethodsOfTheClient() throws IOException {
        Set<String> declared = methods("ttt4rec.d.ts", "(?m)^    (\\w+)\\(");
        assertThat(declared)
                .contains("constructor", "recommend")
                .isEqualTo(methods("ttt4rec.js", "(?m)^    (?:async )?(\\w+)\\([^;]*\\) \\{$"));
    }

    private static Set<String> methods(String file, String declaration) throws IOException {
        return Pattern.compile(declaration)
                .matcher(Files.readString(CLIENT.resolve(file)))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String comment(JsonNode schema, String indent) {
        String text = schema.path("description").stringValue("").strip();
        if (text.isEmpty()) {
            return "";
        }
        return text.contains("\n")
                ? indent + "/**\n"
                        + text.lines().map(line -> indent + " * " + line + "\n").collect(Collectors.joining()) + indent
                        + " */\n"
                : indent + "/** " + text + " */\n";
    }

    private static String type(JsonNode schema, String indent) {
        if (schema.has("$ref")) {
            String reference = schema.get("$ref").stringValue();
            return reference.substring(reference.lastIndexOf('/') + 1);
        }
        if (schema.has("const")) {
            return literal(schema.get("const"));
        }
        if (schema.has("enum")) {
            return schema.get("enum").values().stream()
                    .map(TypeScriptTypesTest::literal)
                    .collect(Collectors.joining(" | "));
        }
        if (schema.has("oneOf")) {
            return schema.get("oneOf").values().stream()
                    .map(each -> type(each, indent))
                    .collect(Collectors.joining(" | "));
        }
        JsonNode type = schema.get("type");
        if (type.isArray()) {
            return type.values().stream()
                    .map(each -> simple(each.stringValue()))
                    .collect(Collectors.joining(" | "));
        }
        return switch (type.stringValue()) {
            case "array" -> "Array<" + type(schema.get("items"), indent) + ">";
            case "object" -> object(schema, indent);
            default -> simple(type.stringValue());
        };
    }

    private static String simple(String type) {
        return switch (type) {
            case "integer", "number" -> "number";
            case "string", "boolean", "null" -> type;
            default -> throw new AssertionError("the type " + type + " has no equivalent yet");
        };
    }

    private static String literal(JsonNode value) {
        return value.isString() ? "'" + value.stringValue() + "'" : value.toString();
    }

    private static String object(JsonNode schema, String indent) {
        if (!schema.has("properties")) {
            return "Record<string, " + type(schema.get("additionalProperties"), indent) + ">";
        }
        Set<String> required = new TreeSet<>();
        schema.path("required").values().forEach(name -> required.add(name.stringValue()));
        String inner = indent + "    ";
        StringBuilder members = new StringBuilder("{\n");
        schema.get("properties")
                .properties()
                .forEach(member -> members.append(comment(member.getValue(), inner))
                        .append(inner)
                        .append(member.getKey())
                        .append(required.contains(member.getKey()) ? ": " : "?: ")
                        .append(type(member.getValue(), inner))
                        .append(";\n"));
        return members.append(indent).append('}').toString();
    }
}
