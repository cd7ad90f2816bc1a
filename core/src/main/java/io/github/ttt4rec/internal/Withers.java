package io.github.ttt4rec.internal;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import javax.lang.model.element.Modifier;

/**
 * Generates methods {@code withName(value)} for a record, one for each component. The record {@code Settings} inherits them from {@code
 * SettingsBuilder.With}, which it has to implement; a method of its own changes several components at once by {@code with(builder ->
 * ...)}.
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
