package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Html.escape;

import io.github.ttt4rec.lab.compare.Results;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A single self-contained page with all results: HTML that is also well-formed XML, with inline SVG. Each section is a
 * separate class, which reads a {@link ReportView} and writes to a {@link Page}.
 */
final class Report {
    private Report() {}

    static String html(Results results) {
        ReportView view = new ReportView(results);
        Page page = new Page();
        String title = "Comparison on " + results.data().file();
        page.add(
                "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\"><head><meta charset=\"utf-8\"/>");
        page.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
        page.add("<title>" + escape(title) + " – ttt4rec</title>");
        page.add("<style>" + resource("report.css") + "</style></head><body><main>");
        page.add("<h1>" + escape(title) + "</h1>");
        page.add("<p class=\"soft\">" + escape(results.data().protocol()) + "</p>");
        OverviewSection.write(view, page);
        QualitySection.write(view, page);
        DifferencesSection.write(view, page);
        ChartsSection.write(view, page);
        UnseenSection.write(view, page);
        LongHistoriesSection.write(view, page);
        RecommendedSection.write(view, page);
        CostSection.write(view, page);
        PublishedSection.write(view, page);
        ProvenanceSection.write(view, page);
        page.add("</main><script>//<![CDATA[\n" + resource("report.js") + "\n//]]></script></body></html>\n");
        return page.toString();
    }

    private static String resource(String name) {
        try (InputStream in = Report.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
