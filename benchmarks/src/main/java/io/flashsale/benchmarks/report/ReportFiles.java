package io.flashsale.benchmarks.report;

import io.flashsale.contracts.Json;
import io.flashsale.local.PipelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;

/** Puts a {@link Report} into files. */
public final class ReportFiles {

    private ReportFiles() {}

    /** A page, {@code report.md}, and its plots. */
    public static void writePage(Report report, Path directory) {
        try {
            Files.createDirectories(directory);
            for (Section section : report.sections()) {
                for (Plot plot : section.plots()) {
                    Files.writeString(directory.resolve(plot.name() + ".svg"), SvgPlot.draw(plot));
                }
            }
            Files.write(directory.resolve("report.md"), report.markdown());
        } catch (IOException failed) {
            throw new PipelineException("The report could not be written to " + directory + ": " + failed + ".");
        }
    }

    public static void writeJson(Report report, Path file) {
        try {
            Files.write(
                    file, Json.MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(report.json()));
        } catch (IOException failed) {
            throw new PipelineException(file + " could not be written: " + failed + ".");
        }
    }
}
