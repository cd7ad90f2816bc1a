package io.github.ttt4rec.benchmarks.replay;

import java.util.List;
import java.util.Locale;

/** Draws series as an SVG picture: a line for each series, with the 95 % interval of each week. */
final class Chart {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 380;
    private static final int LEFT = 60;
    private static final int RIGHT = 190;
    private static final int TOP = 30;
    private static final int BOTTOM = 40;
    private static final List<String> COLOURS = List.of("#8a8f98", "#2a78b8", "#2f9e63", "#d1495b", "#7d4fb3");
    private static final double STEP = 0.05;

    private Chart() {}

    /** Returns the picture. */
    static String svg(List<Series> series) {
        double top = series.stream()
                .flatMap(one -> one.weeks().stream())
                .mapToDouble(week -> week.ndcg() + half(week))
                .max()
                .orElse(STEP);
        double scale = Math.ceil(top / STEP) * STEP;
        StringBuilder svg = new StringBuilder(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n",
                WIDTH, HEIGHT, WIDTH, HEIGHT));
        svg.append(format(
                "<text x=\"%d\" y=\"18\" fill=\"#222222\">NDCG@10, each event ranked just before it was stored"
                        + "</text>%n",
                LEFT));
        for (double value = 0; value <= scale + STEP / 2; value += STEP) {
            double y = y(value, scale);
            svg.append(format(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n<text x=\"%d\" y=\"%.1f\""
                            + " text-anchor=\"end\" fill=\"#555555\">%.2f</text>%n",
                    LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, value));
        }
        int weeks = series.getFirst().weeks().size();
        for (int week = 0; week < weeks; week += 4) {
            svg.append(format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555555\">%d</text>%n",
                    x(week, weeks), HEIGHT - BOTTOM + 18, week + 1));
        }
        svg.append(format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"#555555\">week of the replay</text>%n",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6));
        for (int i = 0; i < series.size(); i++) {
            draw(svg, series.get(i), COLOURS.get(i % COLOURS.size()), scale, TOP + 20 * (series.size() - i));
        }
        return svg.append("</svg>\n").toString();
    }

    private static void draw(StringBuilder svg, Series series, String colour, double scale, int labelY) {
        int weeks = series.weeks().size();
        StringBuilder points = new StringBuilder();
        for (int week = 0; week < weeks; week++) {
            Week one = series.weeks().get(week);
            double x = x(week, weeks);
            points.append(format("%.1f,%.1f ", x, y(one.ndcg(), scale)));
            svg.append(format(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-opacity=\"0.35\"/>%n",
                    x, x, y(one.ndcg() - half(one), scale), y(one.ndcg() + half(one), scale), colour));
            if (weeks == 1) {
                // A line with one point is not visible.
                svg.append(format(
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", x, y(one.ndcg(), scale), colour));
            }
        }
        svg.append(format(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
                points.toString().strip(), colour));
        svg.append(format(
                "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n", WIDTH - RIGHT + 12, labelY, colour, series.name()));
    }

    private static double half(Week week) {
        return Double.isNaN(week.halfWidth()) ? 0 : week.halfWidth();
    }

    private static double x(int week, int weeks) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (week + 0.5) / weeks;
    }

    private static double y(double value, double scale) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.max(0, value) / scale;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
