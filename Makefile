# Checks and measurements that take long; their results are kept in docs/ and tests/data/. `python -m pytest` runs the
# tests.

.PHONY: aarch64 add accuracy instructions mutants performance

# What tests and pages need to know about a new entry of the catalogue, once it is built: `make add NAME=hard_mish`. Finds
# the bounds, then writes golden bits, instructions and pages: minutes. With QUICK=1 a trial on the levels that are built.
add:
	python tools/add.py $(NAME) $(if $(QUICK),--quick)

# The largest error of every function, at all 2^32 float32 inputs and at 10^8 in float64: an hour on two cores, and three
# minutes for each function whose bits have changed. A run goes on where the last one stopped.
accuracy:
	python tools/exhaustive.py --keep
	python tools/hard_cases.py --check
	python tools/row_accuracy.py
	python tools/golden.py
	python tools/accuracy.py

# Builds for aarch64 with a cross compiler, and compares the golden bits under qemu: three minutes. What is missing comes
# from Debian's and Python's packages; all but the compiler is kept in build/aarch64.
aarch64:
	tools/aarch64.sh

# The instructions of each kernel for an element, counted by Callgrind: half a minute. Run it after a change of a kernel.
instructions:
	python tools/instructions.py

# Changes each number of the kernels by a few ulp, and checks that the tests notice: more than an hour.
mutants:
	python tools/mutate.py

# Times every function beside the other libraries that are installed, measures the errors of all, and writes
# docs/performance.md with its figures and tables, and the numbers in README.md and docs/guide.md: 40 minutes on two idle
# cores with AVX-512. A run with the same build and packages goes on where the last one stopped.
performance:
	python benchmarks/peers.py
	python benchmarks/performance_page.py --measured build/performance
