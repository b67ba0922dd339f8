"""The running demo and a real browser; each file has its own, and nothing idles beside the other tests."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.e2e.demo import ARGUMENTS, CHROMIUM, Demo, running_demo


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    no_chromium = pytest.mark.skip(reason="NOT RUN: no Chromium on this machine (apt-get install chromium)")
    for item in items:
        if {"browser", "demo", "demo_with_history"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(no_chromium)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo's own servers, as `uks demo --fresh` starts them, on free ports."""
    with running_demo(tmp_path_factory.mktemp("demo"), "--fresh") as running:
        yield running


@pytest.fixture(scope="module")
def demo_with_history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo as `uks demo` starts it: its people have been here before."""
    with running_demo(tmp_path_factory.mktemp("lived-in")) as running:
        yield running


@pytest.fixture(scope="module")
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    """One for a file's tests: each of them opens a context of its own in it, which is as good as a new browser."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        await chromium.close()
