"""Runs the notebooks of docs/notebooks, and keeps their output if asked to.

    python3 tools/run_notebooks.py [--write]

The kernels are Deno's and Python's: Jupyter has to know them (`deno jupyter
--install`, `pip install ipykernel`). Ends with 1 if a cell fails.
"""

import argparse
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

folder = Path(__file__).parent.parent / "docs" / "notebooks"

#: Paths of this machine.
temporary = re.compile(r"/tmp/[^\s'\"<>]*")


def run(path: Path) -> "nbformat.NotebookNode":
    """Run a notebook from its own folder, as a reader does."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=1200,
        kernel_name=notebook.metadata.kernelspec.name,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    for cell in notebook.cells:
        cell.metadata.clear()
        if cell.cell_type == "code":
            cell.outputs = [tidied(o) for o in cell.outputs if not is_empty(o)]
    return notebook


def is_empty(output: "nbformat.NotebookNode") -> bool:
    """Whether an output is where a bar of progress was."""
    return output.get("data", {}).get("text/html") == ""


def tidied(output: "nbformat.NotebookNode") -> "nbformat.NotebookNode":
    """Outputs without what belongs to this machine."""
    if "text" in output:
        output.text = temporary.sub("…", output.text)
    for kind, text in output.get("data", {}).items():
        if isinstance(text, str) and kind.startswith("text/"):
            output.data[kind] = temporary.sub("…", text)
    return output


def main() -> int:
    """Run all, or write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the output")
    parser.add_argument("names", nargs="*", help="notebooks; all if none is named")
    given = parser.parse_args()
    failed = 0
    for path in sorted(folder.glob("*.ipynb")):
        if given.names and path.stem not in given.names:
            continue
        try:
            notebook = run(path)
        except CellExecutionError as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            failed += 1
            continue
        if given.write:
            nbformat.write(notebook, path)
        print(f"{path.name}: {len(notebook.cells)} cells ran")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
