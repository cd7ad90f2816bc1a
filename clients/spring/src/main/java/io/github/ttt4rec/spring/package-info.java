/** Auto-configuration of the Java client for Spring Boot. */
@NullMarked
package io.github.ttt4rec.spring;

import org.jspecify.annotations.NullMarked;
