"""A real browser: Debian's Chromium behind its own driver, with the accessibility engine in every page."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

PHONE, BETWEEN, DESKTOP, NARROWEST = 360, 500, 1280, 320
"""Widths in CSS pixels; the last is that of WCAG 2.2, success criterion 1.4.10."""

STANDARD = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""What axe-core calls the success criteria of WCAG 2.2 AA."""

ADVICE = (*STANDARD, "best-practice")
"""With what it advises for whole pages besides, such as landmarks; a mail is a part of somebody else's page."""

SWITCHES = (
    "--headless=new",
    "--no-sandbox",  # a container's root cannot have one; only our own pages are shown
    "--no-proxy-server",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

NAME = """
const name = (one) => one.type === "radio" ? one.name
  : one.id || [one.name, one.value || one.getAttribute("href") || one.textContent.trim()].join("=");
"""

STOPS = (
    NAME
    + """
const kinds = "a[href], button, input, select, textarea, summary, [tabindex='0']";
const shown = (one) => one.type !== "hidden" && !one.disabled && one.checkVisibility();
return [...new Set([...document.querySelectorAll(kinds)].filter(shown).map(name))];
"""
)

WATCH = (
    NAME
    + """
window.reached = [];
document.addEventListener("focusin", ({target}) => {
  const style = getComputedStyle(target);
  const box = target.getBoundingClientRect();
  window.reached.push({
    where: name(target),
    seen: target.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  });
});
"""
)


def missing() -> str:
    """Why there is no browser here; "" when there is one."""
    if shutil.which("chromium") is None or shutil.which("chromedriver") is None:
        return "no browser here: install Debian's chromium and chromium-driver"
    if not AXE.is_file():
        return "no accessibility engine here: run `make browser`"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """One window; `driver` is for what is particular to a test."""

    driver: webdriver.Chrome

    def open(self, url: str) -> None:
        """Go there."""
        self.driver.get(url)

    def tell(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Say something in the words of the DevTools protocol."""
        answer: dict[str, Any] = self.driver.execute_cdp_cmd(command, arguments)
        return answer

    def ask(self, script: str, *arguments: object) -> Any:
        """What a script finds in the page."""
        return self.driver.execute_script(script, *arguments)

    def look(self, width: int, *, dark: bool = False) -> None:
        """Look at the page on a screen of this width."""
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=800,
            deviceScaleFactor=1,
            mobile=width < DESKTOP,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        still = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.tell("Emulation.setEmulatedMedia", features=[scheme, still])

    def send_headers(self, headers: Mapping[str, str]) -> None:
        """Send these with every request from now on."""
        self.tell("Network.enable")
        self.tell("Network.setExtraHTTPHeaders", headers=dict(headers))

    def show(self, html: str) -> None:
        """Show a page that no server has: the HTML of a mail; the window, with what was put into it, stays."""
        if self.driver.current_url != "about:blank":
            self.open("about:blank")
        self.ask("document.open(); document.write(arguments[0]); document.close();", html)

    @contextmanager
    def without_script(self) -> Iterator[None]:
        """Run no script of any page meanwhile."""
        self.tell("Emulation.setScriptExecutionDisabled", value=True)
        try:
            yield
        finally:
            self.tell("Emulation.setScriptExecutionDisabled", value=False)

    def heading(self) -> str:
        """What the page calls itself."""
        return self.driver.find_element(By.TAG_NAME, "h1").text

    def text(self) -> str:
        """What there is to read."""
        return self.driver.find_element(By.TAG_NAME, "main").text

    def focused(self) -> WebElement:
        """Where the keyboard is."""
        return self.driver.switch_to.active_element

    def violations(self, tags: Sequence[str] = ADVICE) -> list[str]:
        """What the accessibility engine has against the page as it is shown now."""
        options = {
            "runOnly": {"type": "tag", "values": list(tags)},
            "rules": {"target-size": {"enabled": True}},
            "resultTypes": ["violations"],
            "iframes": False,
        }
        found = self.driver.execute_async_script(
            "const [options, done] = arguments; axe.run(document, options).then((one) => done(one.violations));",
            options,
        )
        return [
            f"{one['id']}: {node['html']} ({node['failureSummary']})" for one in found for node in one["nodes"]
        ]

    def too_wide(self) -> int:
        """By how many pixels the page is wider than the screen."""
        root = "document.documentElement"
        return int(self.ask(f"return {root}.scrollWidth - {root}.clientWidth"))

    def space_out(self) -> None:
        """Set letters, words and lines apart as a reader may (WCAG 2.2, success criterion 1.4.12)."""
        self.ask(
            """for (const {style} of document.querySelectorAll("body, body *")) {
              style.letterSpacing = "0.12em"; style.wordSpacing = "0.16em"; style.lineHeight = "1.5";
            }"""
        )

    def cut_off(self) -> list[str]:
        """What does not fit into its own box any more; text for screen readers only is meant to."""
        found: list[str] = self.ask(
            """return [...document.querySelectorAll("main *:not(.unseen, .scroll, input, select, textarea)")]
              .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
              .map((one) => one.outerHTML.slice(0, 200));"""
        )
        return found

    def small_targets(self) -> list[str]:
        """Links with a line of their own that are lower than 24 pixels (WCAG 2.2, success criterion 2.5.8).

        The accessibility engine lets them pass where nothing else is near.
        """
        found: list[str] = self.ask(
            """return [...document.querySelectorAll("main p > a")]
              .filter((one) => one.parentElement.textContent.trim() === one.textContent.trim())
              .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 24)
              .map((one) => one.outerHTML);"""
        )
        return found

    def stops(self) -> list[str]:
        """What must be reached with the tabulator key, in the order of the page; a group of radio buttons once."""
        found: list[str] = self.ask(STOPS)
        return found

    def tab_through(self) -> list[dict[str, Any]]:
        """Press the tabulator key until the page is over; where it led, and whether one saw it.

        A date or a time has a stop for each of its parts.
        """
        parts = self.ask("return document.querySelectorAll('[type=date], [type=time]').length")
        self.ask(WATCH)
        self.press(Keys.TAB * (len(self.stops()) + 4 * parts))
        reached: list[dict[str, Any]] = self.ask("return window.reached")
        first: dict[str, dict[str, Any]] = {}
        for one in reached:
            first.setdefault(one["where"], one)
        return list(first.values())

    @contextmanager
    def turning(self) -> Iterator[None]:
        """Do what leads to another page, and wait for that."""
        self.ask("window.before = true")
        yield
        there = "return window.before === undefined && document.readyState === 'complete'"
        WebDriverWait(self.driver, timeout=10, poll_frequency=0.02).until(lambda _: self.ask(there))

    def press(self, *keys: str) -> None:
        """Press keys, wherever the keyboard is."""
        ActionChains(self.driver, duration=0).send_keys(*keys).perform()

    def picture(self, file: Path) -> None:
        """The whole page as it is shown now, for people to look at."""
        shot = self.tell("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium, and end it."""
    if reason := missing():
        pytest.skip(reason)
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for switch in SWITCHES:
        options.add_argument(switch)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("no_proxy", "localhost,127.0.0.1")  # the way to our own driver leads through no proxy
        driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        browser = Browser(driver=driver)
        browser.tell("Page.addScriptToEvaluateOnNewDocument", source=AXE.read_text(encoding="utf-8"))
        yield browser
    finally:
        driver.quit()
