"""Build the extension modules: the core once, the kernels once a level, from sources that are translated once.

FASTACT_OPENMP=0|1|auto   without threads, with (an error where the compiler has none), or as the compiler has it
FASTACT_WERROR=1          warnings of the C compiler are errors
FASTACT_LEVELS=a,b        only these levels, of those in src/fastact/levels.py
FASTACT_MACHINE=aarch64   the machine to build for, where CC is a cross compiler
"""

import os
import re
import subprocess
import sys
import tempfile
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy
from Cython.Build import cythonize
from Cython.Tempita import Template
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
SOURCE = Path("src/fastact")
GENERATED = Path("build/generated")

# The package cannot be imported before it is built; its lists can, under a package that has nothing but its folder.
package = types.ModuleType("fastact")
package.__path__ = [str(ROOT / SOURCE)]
sys.modules["fastact"] = package
sys.path.insert(0, str(ROOT / "tools"))

import docstrings  # noqa: E402
import stubs  # noqa: E402

from fastact import levels  # noqa: E402
from fastact.catalogue import FUNCTIONS  # noqa: E402

KNOWN = {level.name: level for level in levels.of_machine(os.environ.get("FASTACT_MACHINE", ""))}
for name in filter(None, (wanted := os.environ.get("FASTACT_LEVELS", "")).split(",")):
    if name not in KNOWN:
        sys.exit(f"FASTACT_LEVELS={wanted!r}: {name} is not one of {', '.join(KNOWN)}")
LEVELS = [level for name, level in KNOWN.items() if not wanted or name in wanted.split(",")]

# What every file is compiled with: no contraction into fused multiply-adds that are not written, no errno, no order of
# exceptions; never -ffast-math. Debugging symbols would be four fifths of a module.
COMMON = ["-std=c11", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-fvisibility=hidden", "-g0",
          "-ffunction-sections", "-fdata-sections"]  # fmt: skip
# A float kernel that is computed in double is slow, and looks right.
KERNELS = ["-O3", "-Werror=double-promotion"]
PLAIN = ["-O2"]
# Both passes turn neighbouring clamps and comparisons into branches, and the loop is no longer vectorised. A backward
# pass of five inputs and two outputs takes more checks for overlap than GCC would make.
GCC_ONLY = ["-fno-thread-jumps", "-fno-tree-pre", "--param=vect-max-version-for-alias-checks=32"]
LINKED = ["-Wl,--gc-sections"] if sys.platform != "darwin" else ["-Wl,-dead_strip"]

NUMPY = [("NPY_NO_DEPRECATED_API", "NPY_1_25_API_VERSION"), ("NPY_TARGET_VERSION", "NPY_1_25_API_VERSION")]
INLINED = [("CYTHON_INLINE", "inline __attribute__((always_inline, unused))")]  # kernels, into their loops
HIDDEN = [("CYTHON_NO_PYINIT_EXPORT", "1")]  # translated files that are no modules


def kernel_files() -> dict[str, str]:
    """The text of each family of kernels, by the name of its file."""
    return {file.stem: file.read_text() for file in sorted((SOURCE / "kernels").glob("*.pxd")) if file.stem != "vmath"}


def families() -> dict[str, list]:
    """The functions by the file that has their kernel, each of which is compiled alone."""
    files = kernel_files()
    del files["fast"]
    found: dict[str, list] = {}
    for f in FUNCTIONS:
        kernel = re.escape(f.entry.name)
        home = [stem for stem, text in files.items() if re.search(rf"^cdef inline \w+ {kernel}\(", text, re.M)]
        if len(home) != 1:
            sys.exit(
                f"{f.entry.name}: expected one kernel of this name in src/fastact/kernels/*.pxd, found {len(home)}"
            )
        found.setdefault(home[0], []).extend(g for g in (f, f.at_ones()) if g is not None)
    found["fast"] = [g for f in FUNCTIONS if f.fast for g in (f, f.at_ones()) if g is not None]
    return found


# Kernels that are computed in double for float, too
DOUBLE = set(re.findall(r"^cdef inline double (\w+)\(", "\n".join(kernel_files().values()), re.M))


def typed(expression: str, real: str, family: str) -> str:
    """An expression of Function.expressions in C's types: kernels that are computed in double take doubles."""

    def call(found: re.Match[str]) -> str:
        name, inputs = found.groups()
        if real == "float" and name in DOUBLE and family != "fast":
            inputs = ", ".join(f"<double> ({x})" for x in inputs.split(", "))
        return f"kernels.{name}({inputs})"

    return re.sub(r"kernels\.(\w+)\(([^()]*)\)", call, expression).replace("<real>", f"<{real}>")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def supported() -> str:
    """A header with the CPU check: the names of the levels that this CPU runs."""
    checks = ["    __builtin_cpu_init();\n"] if any(level.cpu for level in KNOWN.values()) else []
    for k, level in enumerate(KNOWN.values()):
        asked = "".join(f' && __builtin_cpu_supports("{feature}")' for feature in level.cpu)
        checks.append(f"    if (n == {k}{asked})\n        n = {k + 1};\n")
    names = ", ".join(f'"{name}"' for name in KNOWN)
    return f"""\
/* Which levels this CPU runs; generated from src/fastact/levels.py */
#include <Python.h>
static PyObject *fa_supported_levels(void)
{{
    const char *const names[] = {{{names}}};
    int n = 0;
{"".join(checks)}\
    PyObject *found = PyTuple_New(n);
    for (int k = 0; found && k < n; k++)
        PyTuple_SET_ITEM(found, k, PyUnicode_FromString(names[k]));
    return found;
}}
"""


def translated() -> dict[str, Path]:
    """Each Cython source as C, by name: the loops of each family, and the core."""
    template = Template.from_filename(str(SOURCE / "kernels" / "loops.pyx.in"), encoding="utf-8")
    write(GENERATED / "supported.h", supported())
    sources = [Extension("fastact._core", [str(SOURCE / "core" / "_core.pyx")])]
    for family, functions in families().items():
        text = template.substitute(functions=functions, family=family, typed=typed)
        path = write(GENERATED / f"loops_{family}.pyx", text)
        sources.append(Extension(f"loops_{family}", [str(path)]))
    made = cythonize(
        sources,
        include_path=["src"],
        build_dir="build/translated",
        language_level=3,
        force=True,  # Cython does not see that generated sources depend on .pxd files
        quiet=True,
        nthreads=os.cpu_count() or 1,
    )
    return {extension.name: Path(extension.sources[0]) for extension in made}


def compiles(compiler: list[str], flags: list[str], text: str = "int main(void) { return 0; }\n") -> bool:
    with tempfile.TemporaryDirectory() as folder:
        source = write(Path(folder) / "probe.c", text)
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
        sys.exit(f"FASTACT_OPENMP=1, but {compiler[0]} does not compile and link with -fopenmp")
    print("fastact: the compiler has no OpenMP: building without threads", file=sys.stderr)
    return []


class BuildExt(build_ext):
    """Translates once, compiles all files of all modules side by side, and links each module."""

    def build_extensions(self) -> None:
        compiler = list(getattr(self.compiler, "compiler_so", None) or ["cc"])
        extra = [flag for flag in GCC_ONLY if compiles(compiler, ["-Werror", flag])]
        werror = ["-Wall", "-Wextra", "-Werror"] if os.environ.get("FASTACT_WERROR") == "1" else []
        openmp = openmp_flags(compiler)
        sources = translated()
        loops = {name: path for name, path in sources.items() if name.startswith("loops_")}
        names = " ".join(f"DO({name.removeprefix('loops_')})" for name in loops)
        kernels, core = SOURCE / "kernels", SOURCE / "core"
        includes = [numpy.get_include(), str(kernels), str(core), str(GENERATED), *self.compiler.include_dirs]

        jobs: list[tuple[str, Path, list[str], list]] = []  # module, source, flags, macros
        for level in LEVELS:
            module, flags = f"fastact._{level.name}", [*COMMON, *level.flags, *werror]
            macros = [("FASTACT_LEVEL", level.name), ("FASTACT_FLAGS", f'"{" ".join(level.flags)}"')]
            macros += [("FASTACT_FAMILIES(DO)", names)]
            jobs += [(module, path, [*flags, *KERNELS, *extra], INLINED + HIDDEN) for path in loops.values()]
            jobs += [(module, kernels / file, [*flags, *KERNELS, *extra], []) for file in ("rowwise.c", "storage.c")]
            jobs += [(module, kernels / file, [*flags, *PLAIN], []) for file in ("elementwise.c", "vmath.c")]
            jobs.append((module, kernels / "level.c", flags, macros))
        for path in (sources["fastact._core"], *sorted(core.glob("*.c"))):
            jobs.append(("fastact._core", path, [*COMMON, *PLAIN, *openmp, *werror], NUMPY))
        jobs.sort(key=lambda job: -job[1].stat().st_size)  # what takes longest begins first

        def compile_one(job: tuple[str, Path, list[str], list]) -> str:
            module, path, flags, macros = job
            folder = str(Path(self.build_temp) / module)
            return self.compiler.compile([str(path)], folder, macros, includes, extra_postargs=flags)[0]

        with ThreadPoolExecutor(self.parallel or os.cpu_count()) as pool:
            objects = list(zip((module for module, *_ in jobs), pool.map(compile_one, jobs), strict=True))
        for extension in self.extensions:
            extension.extra_objects = sorted(made for module, made in objects if module == extension.name)
            extension.extra_link_args = [*LINKED, *(openmp if extension.name == "fastact._core" else [])]
        self.force = True  # a module without sources of its own would look up to date
        super().build_extensions()


class BuildPy(build_py):
    """Writes docstrings and type stubs, which are made from the catalogue, and their marker beside the modules."""

    def run(self) -> None:
        super().run()
        folder = ROOT / SOURCE if self.editable_mode else Path(self.build_lib) / "fastact"
        write(folder / "_docstrings.py", docstrings.module())
        write(folder / "__init__.pyi", stubs.stubs())
        write(folder / "precise.pyi", stubs.precise_stubs())
        write(folder / "fast.pyi", stubs.fast_stubs())
        (folder / "py.typed").touch()


setup(
    ext_modules=[Extension(f"fastact.{name}", []) for name in ("_core", *(f"_{level.name}" for level in LEVELS))],
    cmdclass={"build_ext": BuildExt, "build_py": BuildPy},
)
