package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Html.escape;
import static io.github.ttt4rec.lab.report.Html.format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Small charts as inline SVG. Colours and fonts come from the page's style sheet. */
final class Charts {
    private static final int WIDTH = 420;
    private static final int HEIGHT = 270;
    private static final int LEFT = 46;
    private static final int RIGHT = 20;
    private static final int TOP = 12;
    private static final int BOTTOM = 38;
    private static final int ROW = 22;
    /** The width for names next to intervals: per letter, and the maximum. */
    private static final double LETTER = 6.2;

    private static final int NAMES = 220;

    private Charts() {}

    /** A line; {@code colour} is a class of the style sheet. */
    record Series(String name, String colour, List<Point> points) {}

    record Point(double x, double y) {}

    /** A tick mark on the x axis. */
    record Tick(double x, String label) {}

    /** A value with an interval. */
    record Bar(String name, String colour, double value, double low, double high) {}

    /** Lines over a common x axis. */
    static String lines(String id, String title, String about, String xLabel, List<Tick> ticks, List<Series> series) {
        double xLow = ticks.getFirst().x();
        double xHigh = Math.max(ticks.getLast().x(), xLow + 1e-9);
        double top = series.stream()
                .flatMap(one -> one.points().stream())
                .mapToDouble(Point::y)
                .max()
                .orElse(1);
        double step = step(top);
        double yHigh = Math.max(step, Math.ceil(top / step - 1e-9) * step);
        StringBuilder svg = open(id, title, about, HEIGHT);
        for (double y = 0; y < yHigh + step / 2; y += step) {
            double at = y(y, yHigh);
            svg.append(format(
                    "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    LEFT, WIDTH - RIGHT, at, at, LEFT - 6, at + 4, label(y, step)));
        }
        for (Tick tick : ticks) {
            svg.append(format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x(tick.x(), xLow, xHigh), HEIGHT - BOTTOM + 16, escape(tick.label())));
        }
        svg.append(format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, escape(xLabel)));
        // Series with a colour are drawn over the grey ones, and the main model over all others.
        for (Series one : series.stream()
                .sorted(Comparator.comparing(Series::colour).reversed())
                .toList()) {
            StringBuilder path = new StringBuilder();
            StringBuilder dots = new StringBuilder();
            for (Point point : one.points()) {
                double x = x(point.x(), xLow, xHigh);
                double y = y(point.y(), yHigh);
                path.append(format("%s%.1f %.1f", path.isEmpty() ? "M" : "L", x, y));
                if (one.points().size() <= 12) {
                    dots.append(format(
                            "<circle class=\"d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.6\"><title>%s: %.4f</title></circle>",
                            x, y, escape(one.name()), point.y()));
                }
            }
            svg.append(format(
                    "<g class=\"%s\" data-series=\"%s\"><path class=\"k %s\" d=\"%s\"><title>%s</title></path>%s</g>",
                    one.colour(), escape(one.name()), one.colour(), path, escape(one.name()), dots));
        }
        return svg.append("</svg>").toString();
    }

    /** Values with their intervals, one below the other. */
    static String intervals(String id, String title, String about, List<Bar> bars) {
        double high = bars.stream().mapToDouble(Bar::high).max().orElse(1);
        double step = step(high);
        double end = Math.ceil(high / step - 1e-9) * step;
        int height = bars.size() * ROW + 30;
        int longest = bars.stream().mapToInt(bar -> bar.name().length()).max().orElse(0);
        double left = Math.min(NAMES, 16 + LETTER * longest);
        StringBuilder svg = open(id, title, about, height);
        for (double v = 0; v < end + step / 2; v += step) {
            double at = barX(v, end, left);
            svg.append(format(
                    "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"4\" y2=\"%d\"/>"
                            + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    at, at, height - 22, at, height - 8, label(v, step)));
        }
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double y = 4 + ROW * (i + 0.5);
            svg.append(format(
                    "<g class=\"%s\"><title>%s: %.4f (%.4f – %.4f)</title>"
                            + "<text class=\"name\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>"
                            + "<line class=\"k\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<circle class=\"d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.8\"/></g>",
                    bar.colour(),
                    escape(bar.name()),
                    bar.value(),
                    bar.low(),
                    bar.high(),
                    left - 10,
                    y + 4,
                    escape(bar.name()),
                    barX(bar.low(), end, left),
                    barX(bar.high(), end, left),
                    y,
                    y,
                    barX(bar.value(), end, left),
                    y));
        }
        return svg.append("</svg>").toString();
    }

    private static StringBuilder open(String id, String title, String about, int height) {
        return new StringBuilder(format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s-title %s-about\">"
                        + "<title id=\"%s-title\">%s</title><desc id=\"%s-about\">%s</desc>",
                WIDTH, height, id, id, id, escape(title), id, escape(about)));
    }

    /** Tick marks for an x axis that counts from 1. */
    static List<Tick> counts(int last) {
        int step = (int) Math.max(1, step(last));
        List<Tick> ticks = new ArrayList<>();
        ticks.add(new Tick(1, "1"));
        for (int at = step == 1 ? 2 : step; at < last - step / 2.0; at += step) {
            ticks.add(new Tick(at, Integer.toString(at)));
        }
        if (last > 1) {
            ticks.add(new Tick(last, Integer.toString(last)));
        }
        return ticks;
    }

    /** A round distance that gives 4 to 7 tick marks up to {@code high}. */
    private static double step(double high) {
        double rough = Math.max(high, 1e-9) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        return power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10);
    }

    private static String label(double value, double step) {
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return format("%." + decimals + "f", value);
    }

    private static double x(double value, double low, double high) {
        return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT - 8) + 4;
    }

    private static double y(double value, double high) {
        return HEIGHT - BOTTOM - value / high * (HEIGHT - TOP - BOTTOM);
    }

    private static double barX(double value, double end, double left) {
        return left + value / end * (WIDTH - left - RIGHT - 8);
    }
}
