package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.serve.engine.Engine;
import org.jspecify.annotations.Nullable;

/**
 * A catalogue of a server that has several.
 *
 * @param name its name in paths
 * @param engine serves it; null if it could not be opened, so that its requests are refused and those of others are not
 * @param config its limits, tokens, names, files and memory; its address is ignored
 */
public record Tenant(String name, @Nullable Engine engine, ServerConfig config) {}
