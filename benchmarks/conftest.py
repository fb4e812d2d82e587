"""Options of the benchmarks, which test_expressions.py explains."""

import pytest
from expressions import keep_memory

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("fastact")
    group.addoption("--sizes", default=",".join(map(str, SIZES)), help="numbers of elements, comma-separated")
    group.addoption("--quick", action="store_true", help="10,000 float32 elements, a few rounds of each")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    keep_memory()
    if config.getoption("--quick"):  # before pytest-benchmark reads its own options
        config.option.sizes = "10000"
        config.option.benchmark_min_rounds, config.option.benchmark_max_time = 3, 0.01
        config.option.benchmark_min_time = 1e-5


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "size" in metafunc.fixturenames:
        metafunc.parametrize("size", [int(n) for n in metafunc.config.getoption("--sizes").split(",")])
    if "dtype" in metafunc.fixturenames:
        quick = metafunc.config.getoption("--quick") and "size" in metafunc.fixturenames
        metafunc.parametrize("dtype", ["float32"] if quick else ["float32", "float64"])
