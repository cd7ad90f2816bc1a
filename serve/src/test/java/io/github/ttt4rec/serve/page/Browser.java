package io.github.ttt4rec.serve.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium that looks, clicks and types like a person. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A strong reference: an unreferenced logger is collected together with its level. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /**
     * Starts the Chromium of this machine with {@code profile} as its directory. If there is none, the calling test is
     * skipped; it fails instead if the system property {@code ttt4rec.requireBrowser} is true.
     */
    static Browser start(Path profile) {
        Optional<File> chromium = find("chromium", "chromium-browser", "google-chrome");
        Optional<File> chromedriver = find("chromedriver");
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            String missing = "no chromium with chromedriver on the PATH, so the page is not tested in a browser;"
                    + " Debian has them as chromium and chromium-driver";
            if (Boolean.getBoolean("ttt4rec.requireBrowser")) {
                fail(missing);
            }
            abort(missing);
        }
        SELENIUM.setLevel(Level.SEVERE); // It warns of every Chromium that is newer than itself.
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.get());
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        // No sandbox, because it does not work for root, which container builds use; the only page is our own.
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.get())
                .usingAnyFreePort()
                .withSilent(true)
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Optional<File> find(String... names) {
        List<String> directories = Arrays.asList(
                Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator));
        return Stream.of(names)
                .flatMap(name -> directories.stream().map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .map(Path::toFile)
                .findFirst();
    }

    // --- environment ---

    /** Sets the size of the viewport to {@code width} by {@code height}, and the user's preferences. */
    void emulate(int width, int height, String colours, String motion) {
        cdp(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        cdp(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", colours),
                                Map.of("name", "prefers-reduced-motion", "value", motion))));
    }

    private void cdp(String command, Map<String, Object> parameters) {
        driver.executeCdpCommand(command, parameters);
    }

    /** Writes a picture of the window to a PNG file. */
    void picture(Path file) {
        try {
            Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Opens an address as in a new tab, without earlier state. */
    void open(String address) {
        driver.get("about:blank");
        driver.get(address);
    }

    void back() {
        driver.navigate().back();
    }

    // --- observing ---

    /** Returns the only visible element that {@code css} selects. */
    WebElement see(String css) {
        return wait(css + " to be seen", () -> {
            List<WebElement> found =
                    all(css).stream().filter(WebElement::isDisplayed).toList();
            return found.size() == 1 ? found.getFirst() : null;
        });
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** Returns the texts of all elements that {@code css} selects, visible or not. */
    List<String> texts(String css) {
        @SuppressWarnings("unchecked") // The script returns this type.
        List<String> texts = (List<String>)
                run("return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent.trim())", css);
        return texts;
    }

    String text(String css) {
        return String.join("\n", texts(css));
    }

    /** Waits until an element that {@code css} selects contains {@code text}. */
    void waitForText(String css, String text) {
        wait("'" + text + "' in " + css, () -> text(css).contains(text) ? true : null);
    }

    /** Waits until {@code css} selects {@code count} elements. */
    void waitForCount(String css, int count) {
        wait(count + " of " + css, () -> all(css).size() == count ? true : null);
    }

    private <T> T wait(String what, Supplier<T> look) {
        return new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50))
                .ignoring(StaleElementReferenceException.class)
                .withMessage(() -> what + ", at a page that says\n"
                        + driver.findElement(By.tagName("body")).getText())
                .until(same -> look.get());
    }

    /** Returns whether the page is wider than its window. */
    boolean overflows() {
        return (Boolean) run("return document.documentElement.scrollWidth > document.documentElement.clientWidth");
    }

    // --- acting ---

    /** Clicks with the mouse once nothing moves any more; the topmost element gets the click. */
    void click(String css) {
        wait(
                "an end of all motion",
                () -> run("return document.getAnimations().length").equals(0L) ? true : null);
        WebElement element = see(css);
        run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element);
        element.click();
    }

    /** Types into the focused element. */
    void type(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    void shiftTab() {
        new Actions(driver)
                .keyDown(Keys.SHIFT)
                .sendKeys(Keys.TAB)
                .keyUp(Keys.SHIFT)
                .perform();
    }

    /** Presses Tab until the focused element matches {@code css}; every element on the way must show its focus. */
    void tabTo(String css) {
        for (int stops = 0; stops < 60; stops++) {
            type(Keys.TAB);
            assertThat((Boolean) run("const style = getComputedStyle(document.activeElement);"
                            + "return document.activeElement === document.body"
                            + "  || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)"))
                    .as("focus is visible at " + focused())
                    .isTrue();
            if ((Boolean) run("return document.activeElement.matches(arguments[0])", css)) {
                return;
            }
        }
        fail("no way to " + css + " by the Tab key");
    }

    String focused() {
        return (String) run("return document.activeElement.outerHTML.slice(0, 200)");
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    // --- checking ---

    /**
     * Returns the accessibility violations that axe-core finds in the current page, such as names, roles and contrast.
     */
    @SuppressWarnings("unchecked") // The script determines the type that it returns.
    List<String> accessibilityProblems() {
        run(axe());
        return (List<String>) driver.executeAsyncScript("""
                const done = arguments[0];
                Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})))
                    .then(() => axe.run())
                    .then((results) => done([...results.violations.flatMap((violation) => violation.nodes.map((node) =>
                        `${violation.id} at ${node.target}: ${node.failureSummary}`)),
                        ...(results.passes.length > 10 ? [] : ['axe checked next to nothing'])]),
                        (error) => done([String(error)]));
                """);
    }

    private static String axe() {
        try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Returns the errors that the browser has reported since the last call: exceptions, policy violations, failed
     * requests.
     */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
