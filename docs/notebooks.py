"""Build hook: run the tutorial notebooks and give them to MkDocs as pages.

A notebook is stored without outputs; a cell that raises stops the build.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from nbclient import NotebookClient
from nbconvert import MarkdownExporter

FOLDER = "tutorials"
TIMEOUT_S = 600
_STYLE = re.compile(r"<style scoped>.*?</style>\s*", flags=re.DOTALL)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add one page for each notebook, and the images that it draws."""
    for path in sorted((Path(config.docs_dir) / FOLDER).glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        root = str(Path(config.config_file_path).parent)
        NotebookClient(
            notebook,
            timeout=TIMEOUT_S,
            kernel_name="python3",
            resources={"metadata": {"path": root}},
        ).execute()
        resources = {"output_files_dir": f"{path.stem}_files", "unique_key": path.stem}
        page, made = MarkdownExporter().from_notebook_node(notebook, resources=resources)
        files.append(File.generated(config, f"{FOLDER}/{path.stem}.md", content=_plain(page)))
        for name, data in made.get("outputs", {}).items():
            files.append(File.generated(config, f"{FOLDER}/{name}", content=data))
    return files


def _plain(page: str) -> str:
    """Return a page whose tables look like the others of the site."""
    return _STYLE.sub("", page).replace('<table border="1" class="dataframe">', "<table>")
