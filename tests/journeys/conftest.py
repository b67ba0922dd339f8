"""The real journeys, loaded once."""

import pytest

from journeys.definition import Journey
from journeys.loading import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def journey(catalogue: Catalogue) -> Journey:
    return catalogue["toimetulekutoetus"]
