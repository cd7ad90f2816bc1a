package io.github.ttt4rec.kernels;

import java.util.Map;
import java.util.TreeMap;

/**
 * Generates the register blocks of {@link VectorGemm} from one template, with the number of rows, the number of
 * vectors, the stride of B, and whether the block accumulates as parameters. The blocks differ only in these. They
 * cannot share methods, because C2 boxes vectors that cross a call that it does not inline; they can share text.
 */
final class GemmSources {
    /** Strides of B, in floats, for which there are special blocks; 0 stands for any stride. */
    private static final int[] STRIDES = {0, 16, 64};

    private GemmSources() {}

    /** The text of each class by its name. */
    static Map<String, String> all() {
        Map<String, String> sources = new TreeMap<>();
        for (int stride : STRIDES) {
            sources.put("PairBlocks" + suffix(stride), blocks(2, stride));
        }
        sources.put("SingleBlocks", blocks(1, 0));
        sources.put("SingleBlocks16", blocks(1, 16));
        sources.put("TailBlocks", tails());
        return sources;
    }

    private static String suffix(int stride) {
        return stride == 0 ? "" : Integer.toString(stride);
    }

    private static int mostRows(int vectors, int stride) {
        return vectors == 2 && stride > 0 ? 6 : 8;
    }

    /** Returns whether the elements of a row of A are adjacent, so that C2 moves all range checks out of the loop. */
    private static boolean isAdjacent(int vectors, int stride) {
        return vectors == 1 && stride > 0;
    }

    private static String blocks(int vectors, int stride) {
        String name = (vectors == 1 ? "SingleBlocks" : "PairBlocks") + suffix(stride);
        int most = mostRows(vectors, stride);
        boolean adjacent = isAdjacent(vectors, stride);
        StringBuilder out = new StringBuilder(GeneratedSources.header(
                vectors > 1 ? new String[] {"LANES", "SPECIES"} : new String[] {"SPECIES"},
                new String[] {"FloatVector"}));
        out.append("/**\n * Blocks of {@link VectorGemm} of 1 to ").append(most).append(" rows by ");
        out.append(vectors == 1 ? "one vector" : "two vectors");
        out.append(stride == 0 ? "" : "; the rows of B are " + stride + " floats apart")
                .append(adjacent ? ", the elements of a row of A adjacent" : "")
                .append(".\n */\n");
        out.append("final class ")
                .append(name)
                .append(" {\n    private ")
                .append(name)
                .append("() {}\n");
        String signature = "int k,\n            float[] a,\n            int a0,\n            int aRow,\n"
                + (adjacent ? "" : "            int aColumn,\n")
                + "            float[] b,\n            int b0,\n"
                + (stride == 0 ? "            int bRow,\n" : "")
                + "            float[] c,\n            int c0,\n            int cRow";
        dispatch(out, "set", "C = A·B", vectors, stride, signature);
        dispatch(out, "add", "C += A·B", vectors, stride, signature);
        for (String kind : new String[] {"set", "add"}) {
            for (int rows = most; rows >= 1; rows--) {
                block(out, kind, rows, vectors, stride, "");
            }
        }
        return out.append("}\n").toString();
    }

    private static void dispatch(
            StringBuilder out, String kind, String formula, int vectors, int stride, String signature) {
        out.append("\n    /** {@code " + formula + "} for {@code rows} rows of C. */\n");
        out.append("    static void " + kind + "(\n            int rows,\n            " + signature + ") {\n");
        out.append("        switch (rows) {\n");
        for (int rows = 1; rows <= mostRows(vectors, stride); rows++) {
            out.append("            case ")
                    .append(rows)
                    .append(" -> ")
                    .append(kind)
                    .append(rows)
                    .append("(k, a, a0, ")
                    .append(rows > 1 ? "aRow, " : "")
                    .append(isAdjacent(vectors, stride) ? "" : "aColumn, ")
                    .append("b, b0, ")
                    .append(stride == 0 ? "bRow, " : "")
                    .append("c, c0")
                    .append(rows > 1 ? ", cRow" : "")
                    .append(");\n");
        }
        out.append("            default -> throw new IllegalArgumentException(\"no block of \" + rows + \" rows\");\n");
        out.append("        }\n    }\n");
    }

    private static String tails() {
        StringBuilder out = new StringBuilder(
                GeneratedSources.header(new String[] {"SPECIES"}, new String[] {"FloatVector", "VectorMask"}));
        out.append("/** Blocks of {@link VectorGemm} with part of a vector; all accumulate. */\n");
        out.append("final class TailBlocks {\n    private TailBlocks() {}\n");
        block(out, "add", 4, 1, 0, ", mask");
        block(out, "add", 1, 1, 0, ", mask");
        return out.append("}\n").toString();
    }

    /** Writes one block, whose sums stay in registers while the loop runs over the inner dimension. */
    private static void block(StringBuilder out, String kind, int rows, int vectors, int stride, String mask) {
        boolean several = rows > 1;
        boolean adjacent = isAdjacent(vectors, stride);
        out.append("\n    static void ").append(kind).append(rows).append("(\n            int k, float[] a, int a0, ");
        out.append(several ? "int aRow, " : "").append(adjacent ? "" : "int aColumn, ");
        out.append("float[] b, int b0, ");
        out.append(stride == 0 ? "int bRow, " : "").append("float[] c, int c0").append(several ? ", int cRow" : "");
        out.append(mask.isEmpty() ? "" : ", int columns").append(") {\n");
        out.append(mask.isEmpty() ? "" : "        VectorMask<Float> mask = SPECIES.indexInRange(0, columns);\n");
        for (int r = 1; r < rows; r++) {
            out.append("        int a" + r + " = a" + (r - 1) + " + aRow;\n");
        }
        if (kind.equals("add")) {
            for (int r = 1; r < rows; r++) {
                out.append("        int c" + r + " = c" + (r - 1) + " + cRow;\n");
            }
        }
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                String start = kind.equals("set")
                        ? "FloatVector.zero(SPECIES)"
                        : "FloatVector.fromArray(SPECIES, c, " + at("c" + r, v) + mask + ")";
                out.append("        FloatVector s" + r + v + " = " + start + ";\n");
            }
        }
        out.append(stride == 0 ? "        int bp = b0;\n" : "").append(adjacent ? "" : "        int ap = 0;\n");
        out.append("        for (int p = 0; p < k; p++) {\n");
        String bp = stride == 0 ? "bp" : "b0 + " + stride + " * p";
        for (int v = 0; v < vectors; v++) {
            out.append("            FloatVector y" + v + " = FloatVector.fromArray(SPECIES, b, " + at(bp, v) + mask
                    + ");\n");
        }
        for (int r = 0; r < rows; r++) {
            out.append("            FloatVector x" + r + " = FloatVector.broadcast(SPECIES, a[a" + r
                    + (adjacent ? " + p" : " + ap") + "]);\n");
            for (int v = 0; v < vectors; v++) {
                String s = "s" + r + v;
                out.append("            " + s + " = x" + r + ".fma(y" + v + ", " + s + ");\n");
            }
        }
        out.append(stride == 0 ? "            bp += bRow;\n" : "");
        out.append(adjacent ? "" : "            ap += aColumn;\n").append("        }\n");
        for (int r = 0; r < rows; r++) {
            String to = r == 0 || kind.equals("add") ? "c" + r : "c0 + " + (r == 1 ? "" : r + " * ") + "cRow";
            for (int v = 0; v < vectors; v++) {
                out.append("        s" + r + v + ".intoArray(c, " + at(to, v) + mask + ");\n");
            }
        }
        out.append("    }\n");
    }

    private static String at(String base, int vector) {
        return switch (vector) {
            case 0 -> base;
            case 1 -> base + " + LANES";
            default -> base + " + " + vector + " * LANES";
        };
    }
}
