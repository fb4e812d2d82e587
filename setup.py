"""Build the extension modules: the same source once for each instruction set, and the CPU check that chooses one.

FASTACT_OPENMP=0|1|auto   without threads, with (an error where the compiler has none), or as the compiler has it
FASTACT_WERROR=1          warnings of the C compiler are errors
FASTACT_LEVELS=a,b        only these levels, of those below: a minute less for each that is left out
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import types
from functools import partial
from pathlib import Path

import numpy
from Cython.Build import cythonize
from Cython.Tempita import Template
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
SOURCE = Path("src/fastact")
GENERATED = Path("build/generated/fastact")

# The package cannot be imported before it is built; its lists can, under a package that has nothing but its folder.
package = types.ModuleType("fastact")
package.__path__ = [str(ROOT / SOURCE)]
sys.modules["fastact"] = package
sys.path.insert(0, str(ROOT / "tools"))

import describe  # noqa: E402

from fastact.published import FUNCTIONS  # noqa: E402
from fastact.rowtable import ROWWISE  # noqa: E402

X86 = platform.machine().lower() in ("x86_64", "amd64")

# Each level is a line here, not a copy of the code; plainest first.
LEVELS = {
    "x86_64_v2": ["-march=x86-64-v2"],
    "x86_64_v3": ["-march=x86-64-v3"],
    "x86_64_v4": ["-march=x86-64-v4", "-mprefer-vector-width=512"],
} if X86 else {"baseline": []}  # fmt: skip
for level in filter(None, (wanted := os.environ.get("FASTACT_LEVELS", "")).split(",")):
    if level not in LEVELS:
        sys.exit(f"FASTACT_LEVELS={wanted!r}: {level} is not one of {', '.join(LEVELS)}")
LEVELS = {level: flags for level, flags in LEVELS.items() if not wanted or level in wanted.split(",")}

# What the kernels need to be vectorised, and to mean the same on every level: no contraction into fused
# multiply-adds that are not written, no errno, no order of exceptions. Never -ffast-math.
FLAGS = [
    "-O3",
    "-std=c11",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fvisibility=hidden",
    "-g0",  # debugging symbols would be four fifths of a module
    "-Werror=double-promotion",  # a float kernel that is computed in double is slow, and looks right
]
# Both passes turn neighbouring clamps and comparisons into branches, and the loop is no longer vectorised. A backward
# pass of five inputs and two outputs takes more checks for overlap than GCC would make.
GCC_ONLY = ["-fno-thread-jumps", "-fno-tree-pre", "--param=vect-max-version-for-alias-checks=32"]


def compiles(compiler: list[str], flags: list[str], text: str = "int main(void) { return 0; }\n") -> bool:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "probe.c"
        source.write_text(text)
        command = [*compiler, *flags, str(source), "-o", str(Path(folder) / "probe")]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def openmp_flags(compiler: list[str]) -> list[str]:
    wanted = os.environ.get("FASTACT_OPENMP", "auto")
    if wanted not in ("0", "1", "auto"):
        sys.exit(f"FASTACT_OPENMP must be 0, 1 or auto, not {wanted!r}")
    if wanted == "0":
        return []
    probe = "#include <omp.h>\nint main(void) { return omp_get_max_threads() > 0 ? 0 : 1; }\n"
    if compiles(compiler, ["-fopenmp"], probe):
        return ["-fopenmp"]
    if wanted == "1":
        sys.exit(f"FASTACT_OPENMP=1, but {' '.join(compiler)} does not compile and link with -fopenmp")
    print("fastact: the compiler has no OpenMP: building without threads", file=sys.stderr)
    return []


class BuildExt(build_ext):
    """Adds the flags that this compiler knows; they are the same for every level but for the level's own."""

    def finalize_options(self) -> None:
        super().finalize_options()
        self.parallel = self.parallel or os.cpu_count()  # a minute for each level

    def build_extensions(self) -> None:
        compiler = list(getattr(self.compiler, "compiler_so", None) or ["cc"])
        program = [c for c in compiler[:2] if c == compiler[0] or shutil.which(c)]
        openmp = openmp_flags(program[:1])
        extra = [f for f in GCC_ONLY if compiles(program[:1], ["-Werror", f])]
        werror = ["-Wall", "-Wextra", "-Werror"] if os.environ.get("FASTACT_WERROR") == "1" else []
        for extension in self.extensions:
            if extension.name != "fastact._cpu":
                extension.extra_compile_args = [*FLAGS, *extra, *openmp, *werror, *extension.extra_compile_args]
                extension.extra_link_args = [*openmp]
        super().build_extensions()


class BuildPy(build_py):
    """Writes the type stubs, which are made from the table, and their marker beside the modules."""

    def run(self) -> None:
        super().run()
        folder = ROOT / SOURCE if self.editable_mode else Path(self.build_lib) / "fastact"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.pyi").write_text(describe.stubs())
        (folder / "precise.pyi").write_text(describe.precise_stubs())
        (folder / "py.typed").touch()


def extensions() -> list[Extension]:
    GENERATED.mkdir(parents=True, exist_ok=True)
    template = Template.from_filename(str(SOURCE / "ufuncs.pyx.in"), encoding="utf-8")
    shared = dict(
        include_dirs=[numpy.get_include(), str(SOURCE)],
        define_macros=[
            ("NPY_NO_DEPRECATED_API", "NPY_1_25_API_VERSION"),
            ("NPY_TARGET_VERSION", "NPY_1_25_API_VERSION"),
            ("CYTHON_INLINE", "inline __attribute__((always_inline))"),
        ],
        depends=[str(path) for path in SOURCE.glob("*.[hp]*") if path.suffix in (".h", ".pxd")],
    )
    made = [Extension("fastact._cpu", [str(SOURCE / "_cpu.pyx")])]
    for level, flags in LEVELS.items():
        # A source of its own for each level: two extensions that share one are built into one object file.
        source = GENERATED / f"_{level}.pyx"
        text = template.substitute(
            functions=FUNCTIONS,
            rowwise=ROWWISE,
            doc=partial(describe.docstring, fused=level != "x86_64_v2"),
            precise_doc=describe.precise_docstring,
            level=level,
            flags=" ".join(flags),
        )
        if not source.exists() or source.read_text() != text:
            source.write_text(text)
        made.append(Extension(f"fastact._{level}", [str(source)], extra_compile_args=flags, **shared))
    return made


setup(
    # force: Cython does not see that the generated sources depend on the .pxd files
    ext_modules=cythonize(extensions(), include_path=["src"], build_dir="build", language_level=3, force=True),
    cmdclass={"build_ext": BuildExt, "build_py": BuildPy},
)
