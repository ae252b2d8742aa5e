"""Counts what a person does: one activation is one tap; typing is not."""

from playwright.sync_api import Locator


class Taps:
    def __init__(self, count: int = 0) -> None:
        self.count = count

    def tap(self, target: Locator) -> None:
        target.click()
        self.count += 1
