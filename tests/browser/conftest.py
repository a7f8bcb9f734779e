"""One JupyterLab for all browser tests, a browser for each file, and a page and notebooks for each test."""

from __future__ import annotations

import pytest

PAGE_SECONDS = 60  # a bound in case it never comes; nothing needs that long


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab server of its own."""
    from tests.browser.lab import Lab

    running = Lab(tmp_path_factory.mktemp("lab"))
    yield running
    running.stop()


# Not for the whole session: as long as it runs, there is an event loop under whatever test comes next.
@pytest.fixture(scope="module")
def browser():
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright

    from tests.browser.lab import CHROMIUM_OPTIONS, chromium

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        yield running
        running.close()


@pytest.fixture
def pages(browser, request, tmp_path):
    """Make a browser page, as somebody else's browser would: `pages()`, with options of a context."""
    opened, errors = [], []

    def make(**options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 1000}, **options})
        page = context.new_page()
        page.set_default_timeout(1000 * PAGE_SECONDS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        opened.append(page)
        return page

    yield make
    for number, page in enumerate(opened):
        if getattr(request.node, "failed", False):
            picture = tmp_path / f"failed-{number}.png"
            page.screenshot(path=picture)
            print(f"what page {number} showed: {picture}")  # noqa: T201 - for whoever reads the failure
        page.context.close()
    # JupyterLab's own complaint about a kernel that is shut down while a page still asks it something.
    assert [error for error in errors if "Canceled future for" not in error] == []


@pytest.fixture
def page(pages):
    """A browser page."""
    return pages()


@pytest.fixture
def notebook(lab, page, request):
    """Make a notebook of these cells and open it in the page: `notebook("a = 1", "a")`."""
    from tests.browser.lab import Notebook

    made = []

    def make(*cells):
        made.append(Notebook(lab, page, f"{request.node.name}-{len(made)}.ipynb", cells))
        return made[-1]

    yield make
    for one in made:
        one.shut_down()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.failed = getattr(item, "failed", False) or report.failed
    return report
