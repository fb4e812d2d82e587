# Proofs, counts and measurements that take long; what they find is kept in docs/ and tests/data/. The suite itself is
# `python -m pytest`.

.PHONY: accuracy instructions mutants performance

# Every function at all 2^32 float32 inputs, at 10^8 in float64: an hour on two cores, three minutes more for each
# function whose bits have changed. Goes on where it was stopped.
accuracy:
	python tools/exhaustive.py --keep
	python tools/row_accuracy.py
	python tools/golden.py
	python tools/accuracy.py

# The instructions that each kernel takes an element, by Callgrind: half a minute. Write them after a kernel has changed.
instructions:
	python tools/instructions.py

# Every number of the kernels moved by a few ulp: more than an hour.
mutants:
	python tools/mutate.py

# Every function beside the other libraries that are installed, and docs/performance.md: half an hour on an idle machine.
# Goes on where it was stopped, while build and packages are the same.
performance:
	python benchmarks/peers.py
	python benchmarks/performance_page.py
