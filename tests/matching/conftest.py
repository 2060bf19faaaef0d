import pytest

from matching.services import library


@pytest.fixture(autouse=True)
def _no_index_of_another_test():
    library._held.clear()
    library._rankings.clear()
    yield
    library._held.clear()
    library._rankings.clear()
