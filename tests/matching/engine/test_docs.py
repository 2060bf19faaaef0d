import doctest
import importlib
import pkgutil

import pytest

from matching import engine

MODULES = [module.name for module in pkgutil.iter_modules(engine.__path__, "matching.engine.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name):
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0
