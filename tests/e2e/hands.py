"""How a person works a page: with a pointer, or with the keyboard alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from playwright.async_api import Locator, Page

_IS_FOCUSED = "(element) => element === document.activeElement"
_SAME_GROUP = """(element) => {
  const now = document.activeElement;
  return now === element || (element.type === 'radio' && now.type === 'radio' && now.name === element.name);
}"""


class Hands(Protocol):
    """What hands can do."""

    async def press(self, target: Locator) -> None: ...
    async def write(self, target: Locator, text: str) -> None: ...
    async def choose(self, target: Locator) -> None: ...
    async def pick(self, target: Locator, value: str) -> None: ...
    async def attach(self, target: Locator, paths: Sequence[Path]) -> None: ...


@dataclass(frozen=True)
class Pointer:
    """A mouse or a finger."""

    async def press(self, target: Locator) -> None:
        # Every button and link here leads to a page; neither a click nor a key waits for it.
        async with target.page.expect_navigation():
            await target.click()

    async def write(self, target: Locator, text: str) -> None:
        await target.fill(text)

    async def choose(self, target: Locator) -> None:
        # The whole frame around a radio or check box is pressable; a person presses the words.
        await target.locator("xpath=..").click()

    async def pick(self, target: Locator, value: str) -> None:
        await target.select_option(value)

    async def attach(self, target: Locator, paths: Sequence[Path]) -> None:
        await target.set_input_files(paths)


@dataclass(frozen=True)
class Keyboard:
    """Keys alone; whatever cannot be reached with Tab fails."""

    page: Page

    def __post_init__(self) -> None:
        # A listener from the start: one that comes with the key press may come too late to catch the chooser.
        self.page.on("filechooser", lambda _: None)

    async def press(self, target: Locator) -> None:
        await self._reach(target)
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")

    async def write(self, target: Locator, text: str) -> None:
        await self._reach(target)
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.insert_text(text)

    async def choose(self, target: Locator) -> None:
        await self._reach(target, _SAME_GROUP)
        for _ in range(20):
            if await target.evaluate(_IS_FOCUSED):
                break
            await self.page.keyboard.press("ArrowDown")
        if not await target.is_checked():
            await self.page.keyboard.press("Space")
        assert await target.is_checked()

    async def pick(self, target: Locator, value: str) -> None:
        await self._reach(target)
        label = await target.locator(f'option[value="{value}"]').inner_text()
        await self.page.keyboard.type(label)
        assert await target.input_value() == value

    async def attach(self, target: Locator, paths: Sequence[Path]) -> None:
        await self._reach(target)
        async with self.page.expect_file_chooser() as chooser:
            await self.page.keyboard.press("Enter")
        await (await chooser.value).set_files(paths)

    async def _reach(self, target: Locator, is_there: str = _IS_FOCUSED) -> None:
        await target.wait_for(state="attached")
        for _ in range(250):
            if await target.evaluate(is_there):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {target}")
