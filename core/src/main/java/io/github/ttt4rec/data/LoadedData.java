package io.github.ttt4rec.data;

/** A data set and what reading its file found out. */
public record LoadedData(Dataset dataset, ReadReport report) {}
