package io.github.ttt4rec.data;

/** A data set and the report on how its file was read. */
public record LoadedData(Dataset dataset, ReadReport report) {}
