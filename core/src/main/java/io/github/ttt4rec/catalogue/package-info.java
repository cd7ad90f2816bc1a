/**
 * The attributes of items and the expressions that select items by them. The package depends on neither models nor
 * HTTP.
 *
 * <p>{@link io.github.ttt4rec.catalogue.ItemAttributes} holds one item's attributes,
 * {@link io.github.ttt4rec.catalogue.AttributeJson} its form as JSON and {@link io.github.ttt4rec.catalogue.ItemFile} a
 * file of them. {@link io.github.ttt4rec.catalogue.Catalogue} holds the attributes of all items, indexed;
 * {@link io.github.ttt4rec.catalogue.ExpressionParser} reads an {@link io.github.ttt4rec.catalogue.Expression}, and
 * {@link io.github.ttt4rec.catalogue.Catalogue#matching} evaluates it.
 */
@NullMarked
package io.github.ttt4rec.catalogue;

import org.jspecify.annotations.NullMarked;
