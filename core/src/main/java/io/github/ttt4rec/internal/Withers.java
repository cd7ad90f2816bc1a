package io.github.ttt4rec.internal;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import javax.lang.model.element.Modifier;

/**
 * Generates a method {@code withName(value)} for each component of a record. A record {@code Settings} inherits them by
 * implementing {@code SettingsBuilder.With}. To change several components at once, use {@code with(builder -> ...)}.
 */
@RecordBuilder.Template(
        options =
                @RecordBuilder.Options(
                        builderClassModifiers = Modifier.FINAL,
                        addClassRetainedGenerated = true,
                        useImmutableCollections = false,
                        enableGetters = false,
                        addStaticBuilder = true))
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface Withers {}
