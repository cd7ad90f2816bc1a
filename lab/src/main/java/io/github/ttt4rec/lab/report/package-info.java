/**
 * Writes the results of a comparison as JSON, CSV and one HTML page. Start reading at {@link
 * io.github.ttt4rec.lab.report.ReportFiles}; a section of the page is one class and one line in {@link
 * io.github.ttt4rec.lab.report.Report}.
 */
@NullMarked
package io.github.ttt4rec.lab.report;

import org.jspecify.annotations.NullMarked;
