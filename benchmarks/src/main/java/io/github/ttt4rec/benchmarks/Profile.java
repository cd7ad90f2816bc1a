package io.github.ttt4rec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * A profile of the Java threads, sampled by JDK Flight Recorder.
 *
 * @param stages the number of samples by stage
 * @param methods the number of samples by method of this project, including the methods of the JDK and of Lanes that it
 *     calls
 * @param allocated the estimated number of bytes allocated by method, attributed in the same way
 */
record Profile(Map<Stage, Long> stages, Map<String, Long> methods, Map<String, Long> allocated) {
    private static final String PROJECT = "io.github.ttt4rec.";
    private static final String EXECUTION = "jdk.ExecutionSample";
    private static final String ALLOCATION = "jdk.ObjectAllocationSample";

    /** Starts the recording. */
    static Recording start() {
        Recording recording = new Recording();
        recording.enable(EXECUTION).withPeriod(Duration.ofMillis(10));
        recording.enable(ALLOCATION);
        recording.start();
        return recording;
    }

    /** Stops the recording and reads it. */
    static Profile stop(Recording recording) throws IOException {
        Path file = Files.createTempFile("ttt4rec-", ".jfr");
        try (recording) {
            recording.stop();
            recording.dump(file);
            Profile profile = new Profile(new EnumMap<>(Stage.class), new HashMap<>(), new HashMap<>());
            for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                if (event.getStackTrace() != null) {
                    profile.add(event);
                }
            }
            return profile;
        } finally {
            Files.delete(file);
        }
    }

    private void add(RecordedEvent event) {
        List<RecordedFrame> frames = event.getStackTrace().getFrames();
        List<String> names = frames.stream()
                .map(frame -> simpleName(frame.getMethod().getType().getName()))
                .toList();
        String method = frames.stream()
                .filter(frame -> {
                    String type = frame.getMethod().getType().getName();
                    return type.startsWith(PROJECT) && !type.endsWith(".Lanes");
                })
                .findFirst()
                .map(frame -> simpleName(frame.getMethod().getType().getName()) + "."
                        + frame.getMethod().getName())
                .orElse("outside of the project");
        switch (event.getEventType().getName()) {
            case EXECUTION -> {
                stages.merge(Stage.of(names), 1L, Long::sum);
                methods.merge(method, 1L, Long::sum);
            }
            case ALLOCATION -> allocated.merge(method, event.getLong("weight"), Long::sum);
            default -> {
                // Skips the recorder's own events.
            }
        }
    }

    private static String simpleName(String type) {
        return type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('/')) + 1);
    }

    long samples() {
        return stages.values().stream().mapToLong(Long::longValue).sum();
    }
}
